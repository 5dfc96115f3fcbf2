"""cuda-visible-devices and cuda-visible-devices-set-too-late."""

import msgspec
import pytest

from rigcheck.facts import Environment, Rig, Symptom, Symptoms
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    NO_LIBRARY,
    cpu_laptop,
    finding_of,
    found,
    gpu,
    not_there,
    nvml,
    nvml_refusing,
    rtx_4090,
    torch,
    torch_device,
)

VISIBLE, LATE = "cuda-visible-devices", "cuda-visible-devices-set-too-late"


def with_value(value: str, gpus: int = 2) -> Rig:
    return rtx_4090(
        nvml=nvml(*(gpu(i, bus_id=f"0000:{i:02x}:00.0") for i in range(gpus))),
        environment=Environment(cuda_visible_devices=found(value)),
    )


@pytest.mark.parametrize("value", ["", "-1", "NoDevFiles", "2", "./train.sh", "GPU-x", " "])
def test_what_names_no_gpu_hides_them_all(value: str) -> None:
    finding = finding_of(with_value(value), VISIBLE)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "unset CUDA_VISIBLE_DEVICES" in finding.remedy.commands


@pytest.mark.parametrize("value", ["0,2,1", "0,-1,1", "1,1"])
def test_a_wrong_entry_hides_what_follows_it(value: str) -> None:
    assert finding_of(with_value(value), VISIBLE).verdict is Verdict.WARN


@pytest.mark.parametrize("value", ["0", "1,0", "GPU-1", "GPU-0,GPU-1", "MIG-8f3"])
def test_a_choice_of_gpus_is_no_fault(value: str) -> None:
    assert finding_of(with_value(value), VISIBLE).verdict is Verdict.PASS


def test_where_the_gpus_are_not_known_an_index_is_believed() -> None:
    environment = Environment(cuda_visible_devices=found("3"))
    assert finding_of(Rig(environment=environment), VISIBLE).verdict is Verdict.PASS
    without_driver = rtx_4090(nvml=nvml_refusing(NO_LIBRARY), environment=environment)
    assert finding_of(without_driver, VISIBLE).verdict is Verdict.PASS


def test_where_there_is_no_gpu_none_is_hidden() -> None:
    rig = cpu_laptop(environment=Environment(cuda_visible_devices=found("-1")))
    assert finding_of(rig, VISIBLE).verdict is Verdict.SKIP


def test_one_that_is_not_set_hides_nothing_and_one_not_asked_for_is_not_judged() -> None:
    unset = rtx_4090(environment=Environment(cuda_visible_devices=not_there()))
    passed = finding_of(unset, VISIBLE)
    assert passed.verdict is Verdict.PASS
    assert passed.evidence[0].text == "CUDA_VISIBLE_DEVICES: not there"
    assert finding_of(rtx_4090(), VISIBLE).verdict is Verdict.SKIP


def test_a_program_with_more_gpus_than_are_named_was_told_too_late() -> None:
    both = (torch_device("0000:00:00.0"), torch_device("0000:01:00.0"))
    rig = msgspec.structs.replace(
        with_value("1"), torch=msgspec.structs.replace(torch(), devices=found(both))
    )
    assert finding_of(rig, LATE).verdict is Verdict.WARN
    one = msgspec.structs.replace(torch(), devices=found(both[:1]))
    assert finding_of(msgspec.structs.replace(rig, torch=one), LATE).verdict is Verdict.PASS


def test_an_ordinal_that_is_not_there_beside_a_shorter_list_is_told() -> None:
    seen = (Symptom(name="device-ordinal", text="invalid device ordinal", source="line 2"),)
    rig = msgspec.structs.replace(with_value("1"), symptoms=Symptoms(seen=found(seen)))
    assert finding_of(rig, LATE).verdict is Verdict.WARN
    assert finding_of(with_value("1"), LATE).verdict is Verdict.PASS
    assert finding_of(Rig(symptoms=Symptoms(seen=found(seen))), LATE).verdict is Verdict.SKIP
