"""What is advised to machines on which nothing is installed."""

import msgspec

from rigcheck.advice import Room
from rigcheck.advise import advise
from rigcheck.facts import Cpu, Rig
from tests.rules.rigs import (
    GIB,
    NEHALEM_FLAGS,
    NOT_LOADED,
    ZEN_FLAGS,
    cpu_laptop,
    found,
    gpu,
    gtx_960,
    no_driver,
    no_torch,
    nvml,
    nvml_refusing,
    rtx_4090,
    v100,
)


def told(rig: Rig, topic: str) -> str:
    """Everything said on one topic."""
    counsels = [c for c in advise(rig).counsels if c.topic == topic]
    remedies = [c.remedy for c in counsels if c.remedy]
    words = [c.text for c in counsels]
    return "\n".join([*words, *(w for r in remedies for w in (r.text, *r.commands))])


def fresh(rig: Rig) -> Rig:
    """The same machine without torch."""
    return msgspec.structs.replace(rig, torch=no_torch())


def test_a_gtx_960_is_told_the_last_wheel_that_serves_it() -> None:
    command = told(fresh(gtx_960()), "PyTorch")
    assert "torch==2.14.1 torchvision==0.29.1" in command
    assert "--index-url https://download.pytorch.org/whl/cu126" in command


def test_a_gtx_960_is_told_what_it_is_too_old_for() -> None:
    limits = told(fresh(gtx_960()), "will not work here")
    assert "torch.compile, which needs compute capability 7.0" in limits
    assert "bfloat16" in limits


def test_a_new_card_has_no_limits() -> None:
    assert told(fresh(rtx_4090()), "will not work here") == ""


def test_a_new_card_takes_plain_pip() -> None:
    assert "--index-url" not in told(fresh(rtx_4090()), "PyTorch")


def test_a_v100_on_driver_470_hears_of_an_older_wheel_and_the_driver_to_be_on() -> None:
    rig = fresh(v100())
    assert "cu118" in told(rig, "PyTorch")
    assert "580" in told(rig, "driver")


def test_a_card_without_a_driver_is_told_which() -> None:
    rig = fresh(gtx_960(driver=no_driver(), nvml=nvml_refusing(NOT_LOADED)))
    driver = told(rig, "driver")
    assert "No driver runs" in driver
    assert "580" in driver
    assert "cu126" in told(rig, "PyTorch")


def test_a_machine_without_a_gpu_needs_no_driver() -> None:
    rig = fresh(cpu_laptop())
    assert "none is needed" in told(rig, "driver")
    assert "whl/cpu" in told(rig, "PyTorch")


def test_a_cpu_without_avx_is_told_what_dies_on_it() -> None:
    lacks = told(rtx_4090(cpu=Cpu(flags=found(NEHALEM_FLAGS))), "CPU")
    assert "TensorFlow needs AVX" in lacks
    assert "JAX needs AVX" in lacks
    assert "NumPy" not in lacks


def test_a_cpu_with_everything_is_told_so() -> None:
    assert "has the instructions" in told(rtx_4090(cpu=Cpu(flags=found(ZEN_FLAGS))), "CPU")


def test_a_python_without_wheels_is_named() -> None:
    rig = fresh(rtx_4090())
    old = msgspec.structs.replace(rig.python, version=found("3.8.10"))
    text = told(msgspec.structs.replace(rig, python=old), "Python")
    assert "Python 3.8.10 is none of them" in text
    assert "Python 3.12.3 is one of them" in told(rig, "Python")


def test_what_fits_into_4_gib() -> None:
    device = msgspec.structs.replace(gpu(), memory_total_bytes=found(4 * GIB))
    fits = {fit.workload: fit.room for fit in advise(rtx_4090(nvml=nvml(device))).fits}
    assert fits["LeNet on MNIST, batch 100"] is Room.FITS
    assert fits["ResNet-50 on 224×224, batch 32"] is Room.TIGHT
    assert fits["ResNet-50 on 224×224, batch 128"] is Room.TOO_LARGE
    assert fits["7B language model, 4 bit, 4096 tokens"] is Room.TOO_LARGE


def test_a_7b_model_in_16_bit_fits_into_24_gib_and_hardly_into_16() -> None:
    name = "7B language model, 16 bit, 4096 tokens"
    for size, expected in ((24, Room.FITS), (16, Room.TIGHT), (12, Room.TOO_LARGE)):
        device = msgspec.structs.replace(gpu(), memory_total_bytes=found(size * GIB))
        (fit,) = [f for f in advise(rtx_4090(nvml=nvml(device))).fits if f.workload == name]
        assert fit.room is expected


def test_memory_that_nobody_told_is_no_claim() -> None:
    assert advise(rtx_4090()).fits == ()


def test_nothing_known_breaks_nothing() -> None:
    assert advise(Rig()).counsels
