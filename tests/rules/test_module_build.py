"""kernel-module-not-built and secure-boot-blocks-module."""

import pytest

from rigcheck.facts import Absent, Pci, Reason, Rig
from rigcheck.findings import Verdict
from tests.rules.health_rigs import in_container
from tests.rules.rigs import (
    NO_LIBRARY,
    NOT_LOADED,
    card,
    cpu_laptop,
    driver,
    finding_of,
    found,
    host,
    kernel_log,
    message,
    no_driver,
    not_there,
    nvml_refusing,
    rtx_4090,
    unreadable_log,
    wrong_in,
)

NOT_BUILT, SECURE_BOOT = "kernel-module-not-built", "secure-boot-blocks-module"
MODULE, NOUVEAU = "kernel-module-not-loaded", "nouveau-bound"
UNBOUND = Pci(nvidia_gpus=found((card(driver=None),)), nvswitches=found(0))
REJECTED = message("module-rejected")


def without_built_module(distribution: str = "ubuntu", bound: str | None = None) -> Rig:
    return rtx_4090(
        host=host(distribution_id=found(distribution)),
        pci=Pci(nvidia_gpus=found((card(driver=bound),))),
        driver=driver(module_version=not_there(), module_on_disk_version=not_there()),
        nvml=nvml_refusing(NOT_LOADED),
    )


def under_secure_boot(**parts: object) -> Rig:
    """The module lies ready and is not loaded."""
    return rtx_4090(
        **{
            "host": host(secure_boot=found(True)),
            "pci": UNBOUND,
            "driver": driver(module_version=not_there()),
            "nvml": nvml_refusing(NOT_LOADED),
            **parts,
        }
    )


@pytest.mark.parametrize(
    ("distribution", "command"),
    [
        ("ubuntu", "sudo dkms autoinstall"),
        ("fedora", "sudo akmods --force"),
        ("arch", "sudo pacman -Syu --needed linux-headers"),
        ("slackware", "dkms status"),
    ],
)
def test_libraries_without_a_module_mean_that_it_was_not_built(
    distribution: str, command: str
) -> None:
    rig = without_built_module(distribution)
    finding = finding_of(rig, NOT_BUILT)
    assert finding.verdict is Verdict.FAIL
    assert "6.8.0-88-generic" in finding.headline
    assert finding.remedy is not None
    assert command in finding.remedy.commands
    assert wrong_in(rig) == [NOT_BUILT, MODULE]


def test_nouveau_taking_the_card_meanwhile_follows_from_it() -> None:
    rig = without_built_module(bound="nouveau")
    assert finding_of(rig, NOUVEAU).caused_by == NOT_BUILT


def test_a_module_on_disk_was_built() -> None:
    rig = rtx_4090(pci=UNBOUND, driver=driver(module_version=not_there()))
    rig = under_secure_boot(host=host())
    assert finding_of(rig, NOT_BUILT).verdict is Verdict.PASS


def test_without_a_driver_no_module_is_missed() -> None:
    rig = rtx_4090(pci=UNBOUND, driver=no_driver(), nvml=nvml_refusing(NO_LIBRARY))
    assert finding_of(rig, NOT_BUILT).verdict is Verdict.SKIP


def test_modules_that_cannot_be_listed_leave_it_open() -> None:
    hidden = Absent(Reason.NOT_SUPPORTED, "/lib/modules", "cannot be seen from here")
    rig = rtx_4090(
        pci=UNBOUND,
        driver=driver(module_version=not_there(), module_on_disk_version=hidden),
        nvml=nvml_refusing(NOT_LOADED),
    )
    assert finding_of(rig, NOT_BUILT).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("id_", [NOT_BUILT, SECURE_BOOT])
def test_a_container_builds_and_loads_no_module(id_: str) -> None:
    rig = rtx_4090(
        host=in_container(),
        driver=driver(module_version=not_there(), module_on_disk_version=not_there()),
        nvml=nvml_refusing(NOT_LOADED),
    )
    assert finding_of(rig, id_).verdict is Verdict.SKIP


@pytest.mark.parametrize("id_", [NOT_BUILT, SECURE_BOOT])
def test_a_loaded_module_passes_also_under_secure_boot(id_: str) -> None:
    rig = rtx_4090(host=host(secure_boot=found(True)), kernel_log=kernel_log(REJECTED))
    assert finding_of(rig, id_).verdict is Verdict.PASS


def test_a_module_that_the_log_says_was_rejected_is_blocked() -> None:
    rig = under_secure_boot(kernel_log=kernel_log(REJECTED))
    finding = finding_of(rig, SECURE_BOOT)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert finding.remedy.commands[0] == "sudo mokutil --import /var/lib/shim-signed/mok/MOK.der"
    assert wrong_in(rig) == [SECURE_BOOT, MODULE]
    assert finding_of(rig, MODULE).caused_by == SECURE_BOOT


@pytest.mark.parametrize("log", [unreadable_log(), kernel_log(reaches_boot=False)])
def test_without_the_log_it_is_only_likely(log: object) -> None:
    finding = finding_of(under_secure_boot(kernel_log=log), SECURE_BOOT)
    assert finding.verdict is Verdict.WARN
    assert "may" in finding.headline


def test_a_whole_log_without_rejection_clears_secure_boot() -> None:
    assert finding_of(under_secure_boot(), SECURE_BOOT).verdict is Verdict.PASS


def test_a_rejection_while_secure_boot_is_off_was_another_modules() -> None:
    rig = under_secure_boot(host=host(), kernel_log=kernel_log(REJECTED))
    assert finding_of(rig, SECURE_BOOT).verdict is Verdict.PASS


def test_a_machine_without_uefi_has_no_secure_boot() -> None:
    bios = Absent(Reason.NOT_APPLICABLE, "/sys/firmware/efi", "started without UEFI")
    rig = under_secure_boot(host=host(secure_boot=bios))
    assert finding_of(rig, SECURE_BOOT).verdict is Verdict.PASS


def test_firmware_that_does_not_tell_leaves_it_open() -> None:
    hidden = Absent(Reason.NOT_SUPPORTED, "/sys/firmware", "not shown")
    finding = finding_of(under_secure_boot(host=host(secure_boot=hidden)), SECURE_BOOT)
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.remedy is not None
    assert finding.remedy.commands == ("mokutil --sb-state",)


def test_without_a_gpu_neither_applies() -> None:
    assert finding_of(cpu_laptop(), NOT_BUILT).verdict is Verdict.SKIP
    assert finding_of(cpu_laptop(), SECURE_BOOT).verdict is Verdict.SKIP
