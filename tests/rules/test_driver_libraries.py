"""driver-library-mismatch."""

import msgspec

from rigcheck.facts import Failed
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    MISMATCH,
    NO_LIBRARY,
    cpu_laptop,
    driver,
    finding_of,
    found,
    gpu,
    host,
    not_there,
    nvml,
    nvml_refusing,
    rtx_4090,
    wrong_in,
)

ID = "driver-library-mismatch"
UPDATED = driver(
    "550.90.07",
    library_version=found("550.107.02"),
    module_on_disk_version=found("550.107.02"),
)


def test_an_update_without_a_restart_is_found_and_both_versions_are_told() -> None:
    rig = rtx_4090(driver=UPDATED, nvml=nvml_refusing(MISMATCH))
    finding = finding_of(rig, ID)
    assert finding.verdict is Verdict.FAIL
    assert "550.90.07" in finding.headline
    assert "550.107.02" in finding.headline
    assert finding.remedy is not None
    assert finding.remedy.commands == ("sudo reboot",)
    assert ID in wrong_in(rig)


def test_the_two_versions_tell_it_without_the_drivers_help() -> None:
    rig = rtx_4090(driver=UPDATED, nvml=nvml_refusing(Failed("no answer within 45 s", "init")))
    assert finding_of(rig, ID).verdict is Verdict.FAIL


def test_nvmls_refusal_tells_it_without_the_versions() -> None:
    rig = rtx_4090(
        driver=msgspec.structs.replace(UPDATED, module_version=not_there()),
        nvml=nvml_refusing(MISMATCH),
    )
    assert finding_of(rig, ID).verdict is Verdict.FAIL


def test_a_module_that_was_not_built_for_the_update_is_built_before_the_restart() -> None:
    rig = rtx_4090(
        driver=driver("550.90.07", library_version=found("550.107.02")),
        nvml=nvml_refusing(MISMATCH),
    )
    finding = finding_of(rig, ID)
    assert finding.remedy is not None
    assert finding.remedy.commands[-2:] == ("sudo dkms autoinstall", "sudo reboot")


def test_in_a_container_it_is_the_container_that_starts_again() -> None:
    rig = rtx_4090(
        host=host(container=found("docker")), driver=UPDATED, nvml=nvml_refusing(MISMATCH)
    )
    finding = finding_of(rig, ID)
    assert finding.remedy is not None
    assert "container" in finding.remedy.text


def test_equal_halves_pass() -> None:
    assert finding_of(rtx_4090(), ID).verdict is Verdict.PASS


def test_a_foreign_library_on_the_path_is_no_mismatch_while_the_driver_answers() -> None:
    rig = rtx_4090(driver=driver("580.95.05", library_version=found("590.44.01")), nvml=nvml(gpu()))
    assert finding_of(rig, ID).verdict is Verdict.PASS


def test_leading_zeros_make_no_other_version() -> None:
    rig = rtx_4090(
        driver=driver("580.95.05", library_version=found("580.95.5")),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    assert finding_of(rig, ID).verdict is Verdict.PASS


def test_without_a_gpu_there_is_nothing_to_compare() -> None:
    assert finding_of(cpu_laptop(), ID).verdict is Verdict.SKIP
