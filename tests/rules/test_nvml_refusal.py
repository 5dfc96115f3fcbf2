"""nvml-init-refused."""

import pytest

from rigcheck.facts import Absent, Failed, Reason
from rigcheck.findings import Verdict
from tests.rules.health_rigs import in_container
from tests.rules.rigs import (
    MISMATCH,
    NO_LIBRARY,
    NOT_LOADED,
    cpu_laptop,
    finding_of,
    nvml_refusing,
    rtx_4090,
    wrong_in,
)

ID = "nvml-init-refused"
SHUT = Absent(Reason.NO_PERMISSION, "NVML nvmlInitWithFlags", "Insufficient Permissions")
UNKNOWN = Failed("Unknown Error (NVML 999)", "NVML nvmlInitWithFlags")


def test_device_files_that_may_not_be_opened_are_told() -> None:
    rig = rtx_4090(nvml=nvml_refusing(SHUT))
    finding = finding_of(rig, ID)
    assert finding.verdict is Verdict.FAIL
    assert "Insufficient Permissions" in finding.headline
    assert finding.remedy is not None
    assert "ls -l /dev/nvidia*" in finding.remedy.commands
    assert wrong_in(rig) == [ID]


@pytest.mark.parametrize("words", ["Unknown Error (NVML 99)", "Unknown Error (NVML 999)"])
def test_an_unknown_error_keeps_its_number(words: str) -> None:
    rig = rtx_4090(nvml=nvml_refusing(Failed(words, "NVML nvmlInitWithFlags")))
    assert words in finding_of(rig, ID).headline


def test_a_container_is_to_be_started_again() -> None:
    finding = finding_of(rtx_4090(host=in_container(), nvml=nvml_refusing(UNKNOWN)), ID)
    assert finding.remedy is not None
    assert "Start the container again" in finding.remedy.text


@pytest.mark.parametrize("refusal", [NOT_LOADED, MISMATCH, NO_LIBRARY])
def test_what_other_rules_explain_is_left_to_them(refusal: Absent | Failed) -> None:
    assert finding_of(rtx_4090(nvml=nvml_refusing(refusal)), ID).verdict is Verdict.SKIP


def test_a_driver_that_answers_and_a_machine_without_gpu_are_not_blamed() -> None:
    assert finding_of(rtx_4090(), ID).verdict is Verdict.PASS
    assert finding_of(cpu_laptop(nvml=nvml_refusing(SHUT)), ID).verdict is Verdict.SKIP
