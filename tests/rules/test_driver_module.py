"""kernel-module-not-loaded and nouveau-bound."""

import msgspec

from rigcheck.facts import Absent, Pci, Reason
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    NO_LIBRARY,
    NOT_LOADED,
    card,
    cpu_laptop,
    driver,
    finding_of,
    findings_of,
    found,
    gtx_960,
    host,
    kernel_log,
    message,
    no_driver,
    not_there,
    nvml_refusing,
    rtx_4090,
    wrong_in,
)

MODULE, NOUVEAU = "kernel-module-not-loaded", "nouveau-bound"
UNBOUND = Pci(nvidia_gpus=found((card(driver=None),)))


def test_a_module_on_disk_that_is_not_loaded_is_to_be_loaded() -> None:
    rig = rtx_4090(
        pci=UNBOUND,
        driver=driver(module_version=not_there()),
        nvml=nvml_refusing(NOT_LOADED),
    )
    finding = finding_of(rig, MODULE)
    assert finding.verdict is Verdict.FAIL
    assert finding.headline == "the NVIDIA kernel module is not loaded"
    assert finding.remedy is not None
    assert finding.remedy.commands[0] == "sudo modprobe nvidia"
    assert "Secure Boot" in finding.remedy.text
    assert wrong_in(rig) == [MODULE]


def test_a_module_that_was_not_built_is_the_deeper_cause() -> None:
    rig = rtx_4090(
        pci=UNBOUND,
        driver=driver(module_version=not_there(), module_on_disk_version=not_there()),
        nvml=nvml_refusing(NOT_LOADED),
    )
    finding = finding_of(rig, MODULE)
    assert finding.verdict is Verdict.FAIL
    assert finding.caused_by == "kernel-module-not-built"


def test_nothing_on_disk_means_that_no_driver_is_installed() -> None:
    rig = gtx_960(
        pci=Pci(nvidia_gpus=found((card(name="GM206 [GeForce GTX 960]", driver=None),))),
        driver=no_driver(),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    finding = finding_of(rig, MODULE)
    assert finding.headline == "the NVIDIA kernel module is not installed"
    assert finding.remedy is not None
    assert "sudo apt install nvidia-driver-580" in finding.remedy.commands


def test_in_a_container_the_host_is_to_load_it() -> None:
    rig = rtx_4090(
        host=host(container=found("docker")),
        pci=UNBOUND,
        driver=no_driver(),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    finding = finding_of(rig, MODULE)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "host" in finding.remedy.text
    assert not finding.remedy.commands


def test_a_loaded_module_passes() -> None:
    assert finding_of(rtx_4090(), MODULE).verdict is Verdict.PASS


def test_a_driver_that_answers_has_its_module_wherever_it_hides() -> None:
    hidden = Absent(Reason.NOT_SUPPORTED, "/sys/module", "cannot be seen from here")
    rig = rtx_4090(driver=driver(module_version=hidden))
    assert finding_of(rig, MODULE).verdict is Verdict.PASS


def test_modules_that_cannot_be_seen_are_not_called_missing() -> None:
    hidden = Absent(Reason.NOT_SUPPORTED, "/sys/module", "cannot be seen from here")
    rig = rtx_4090(driver=driver(module_version=hidden), nvml=nvml_refusing(NO_LIBRARY))
    assert finding_of(rig, MODULE).verdict is Verdict.UNKNOWN


def test_without_a_gpu_no_module_is_missed() -> None:
    assert finding_of(cpu_laptop(), MODULE).verdict is Verdict.SKIP


def test_under_wsl_no_module_is_missed() -> None:
    windows = Absent(Reason.NOT_APPLICABLE, "/proc/version", "the driver is that of Windows")
    rig = rtx_4090(host=host(wsl_version=found(2)), driver=driver("581.29", module_version=windows))
    assert finding_of(rig, MODULE).verdict is Verdict.SKIP


def test_a_card_that_nouveau_holds_is_a_fault_and_the_module_is_not_blamed() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(driver="nouveau"),))),
        driver=no_driver(),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    (finding,) = findings_of(rig, NOUVEAU)
    assert finding.verdict is Verdict.FAIL
    assert finding.subject == "0000:01:00.0"
    assert "AD102 [GeForce RTX 4090]" in finding.headline
    assert finding.remedy is not None
    commands = finding.remedy.commands
    assert "sudo apt install nvidia-driver-580-open" in commands
    assert any("blacklist nouveau" in command for command in commands)
    assert commands[-2:] == ("sudo update-initramfs -u", "sudo reboot")
    assert wrong_in(rig) == [NOUVEAU]


def test_with_the_driver_on_disk_nouveau_is_only_kept_out() -> None:
    rig = rtx_4090(
        host=host(distribution_id=found("fedora")),
        pci=Pci(nvidia_gpus=found((card(driver="nouveau"),))),
        driver=driver(module_version=not_there()),
        nvml=nvml_refusing(NOT_LOADED),
    )
    (finding,) = findings_of(rig, NOUVEAU)
    assert finding.remedy is not None
    assert finding.remedy.commands[1:] == ("sudo dracut --force", "sudo reboot")


def test_nouveau_loaded_beside_a_card_that_nvidia_has_is_no_fault() -> None:
    rig = rtx_4090(driver=driver(nouveau_loaded=found(True)))
    assert finding_of(rig, NOUVEAU).verdict is Verdict.PASS


def test_a_second_card_left_alone_follows_from_nouveau_on_the_first() -> None:
    cards = (card(driver="nouveau"), card("0000:41:00.0", driver=None))
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found(cards)),
        driver=no_driver(),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    finding = finding_of(rig, MODULE)
    assert finding.verdict is Verdict.FAIL
    assert finding.caused_by == NOUVEAU


def test_a_card_of_a_virtual_machine_is_left_alone() -> None:
    rig = cpu_laptop(pci=Pci(nvidia_gpus=found((card(driver="vfio-pci"),))))
    assert finding_of(rig, NOUVEAU).verdict is Verdict.SKIP
    assert finding_of(rig, MODULE).verdict is Verdict.SKIP


def test_what_nvidias_module_wrote_of_taken_cards_is_evidence() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(driver="nouveau"),))),
        driver=no_driver(),
        nvml=nvml_refusing(NO_LIBRARY),
        kernel_log=kernel_log(message("other-driver-owns")),
    )
    (finding,) = findings_of(rig, NOUVEAU)
    assert any("other-driver-owns" in e.text for e in finding.evidence)


def test_where_the_bus_is_hidden_that_note_tells_with_nouveau_loaded() -> None:
    hidden = Absent(Reason.NOT_SUPPORTED, "/sys/bus/pci", "no PCI bus can be seen from here")
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=hidden),
        driver=driver(nouveau_loaded=found(True)),
        nvml=nvml_refusing(NOT_LOADED),
        kernel_log=kernel_log(message("other-driver-owns")),
    )
    assert finding_of(rig, NOUVEAU).verdict is Verdict.FAIL
    without_nouveau = msgspec.structs.replace(rig, driver=driver(nouveau_loaded=found(False)))
    assert finding_of(without_nouveau, NOUVEAU).verdict is Verdict.UNKNOWN


def test_a_note_from_before_the_card_was_given_back_accuses_nobody() -> None:
    rig = rtx_4090(
        driver=driver(nouveau_loaded=found(True)),
        kernel_log=kernel_log(message("other-driver-owns")),
    )
    finding = finding_of(rig, NOUVEAU)
    assert finding.verdict is Verdict.PASS
    assert any("other-driver-owns" in e.text for e in finding.evidence)
