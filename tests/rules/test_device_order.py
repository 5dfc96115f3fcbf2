"""mixed-gpus-index-order and mig-one-instance-per-process."""

import msgspec

from rigcheck.facts import Environment, Nvml, Rig, Symptom, Symptoms, TorchDevice
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    finding_of,
    found,
    gpu,
    not_there,
    torch,
    torch_device,
    two_unlike,
)

ORDER, MIG = "mixed-gpus-index-order", "mig-one-instance-per-process"
OLD, NEW = ("NVIDIA GeForce GTX 1080", "6.1"), ("NVIDIA GeForce RTX 4090", "8.9")
FIRST, SECOND = torch_device("0000:01:00.0", "6.1"), torch_device("0000:41:00.0", "8.9")


def rig(*devices: TorchDevice, order: str | None = None) -> Rig:
    return two_unlike(
        OLD,
        NEW,
        torch=msgspec.structs.replace(torch(), devices=found(devices)),
        environment=Environment(cuda_device_order=found(order) if order else not_there()),
    )


def test_cuda_counts_the_fastest_first_and_nvidia_smi_along_the_bus() -> None:
    finding = finding_of(rig(SECOND, FIRST), ORDER)
    assert finding.verdict is Verdict.WARN
    assert finding.remedy is not None
    assert finding.remedy.commands == ("export CUDA_DEVICE_ORDER=PCI_BUS_ID",)


def test_the_same_order_is_right() -> None:
    assert finding_of(rig(FIRST, SECOND), ORDER).verdict is Verdict.PASS
    assert finding_of(rig(SECOND, FIRST, order="PCI_BUS_ID"), ORDER).verdict is Verdict.PASS


def test_twins_and_an_order_that_is_not_known_are_not_judged() -> None:
    twins = two_unlike(NEW, NEW, torch=msgspec.structs.replace(torch(), devices=found((SECOND,))))
    assert finding_of(twins, ORDER).verdict is Verdict.SKIP
    assert finding_of(rig(), ORDER).verdict is Verdict.SKIP


def cut(value: str | None = None, *, is_cut: bool = True) -> Rig:
    a100 = gpu(name="NVIDIA A100-SXM4-80GB", capability="8.0")
    return Rig(
        nvml=Nvml(gpus=found((msgspec.structs.replace(a100, mig_enabled=found(is_cut)),))),
        environment=Environment(cuda_visible_devices=found(value) if value else not_there()),
    )


def test_a_gpu_cut_into_instances_gives_a_process_one() -> None:
    finding = finding_of(cut(), MIG)
    assert finding.verdict is Verdict.WARN
    assert finding.remedy is not None
    assert any("CUDA_VISIBLE_DEVICES=MIG-" in command for command in finding.remedy.commands)
    assert finding_of(cut("MIG-1,MIG-2"), MIG).verdict is Verdict.WARN


def test_a_process_that_is_told_its_instance_is_right() -> None:
    assert finding_of(cut("MIG-1"), MIG).verdict is Verdict.PASS


def test_a_whole_gpu_has_no_instances() -> None:
    assert finding_of(cut(is_cut=False), MIG).verdict is Verdict.SKIP
    words = "device=1, num_gpus=1 INTERNAL ASSERT FAILED"
    seen = (Symptom(name="device-index-assert", text=words, source="line 2"),)
    assert finding_of(Rig(symptoms=Symptoms(seen=found(seen))), MIG).verdict is Verdict.SKIP
