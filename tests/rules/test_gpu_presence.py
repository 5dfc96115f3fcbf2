"""no-nvidia-gpu."""

import msgspec

from rigcheck.facts import Absent, Pci, Reason, TorchDevice
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    NO_LIBRARY,
    cpu_laptop,
    finding_of,
    found,
    host,
    nvml_refusing,
    rtx_4090,
    torch,
    wrong_in,
)

ID = "no-nvidia-gpu"


def test_a_laptop_without_a_gpu_is_warned_that_it_trains_on_the_cpu() -> None:
    finding = finding_of(cpu_laptop(), ID)
    assert finding.verdict is Verdict.WARN
    assert "CPU" in finding.headline
    assert finding.remedy is not None
    assert wrong_in(cpu_laptop()) == [ID]


def test_a_machine_with_a_gpu_is_told_which() -> None:
    finding = finding_of(rtx_4090(), ID)
    assert finding.verdict is Verdict.PASS
    assert "RTX 4090" in finding.headline


def test_a_gpu_in_wsl_is_seen_by_the_driver_alone() -> None:
    unseen = Absent(Reason.NOT_SUPPORTED, "/sys", "under WSL a GPU is no PCI device")
    rig = rtx_4090(host=host(wsl_version=found(2)), pci=Pci(nvidia_gpus=unseen))
    assert finding_of(rig, ID).verdict is Verdict.PASS


def test_in_wsl_without_a_driver_nothing_is_claimed() -> None:
    unseen = Absent(Reason.NOT_SUPPORTED, "/sys", "under WSL a GPU is no PCI device")
    rig = cpu_laptop(
        host=host(wsl_version=found(2)),
        pci=Pci(nvidia_gpus=unseen),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    finding = finding_of(rig, ID)
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.remedy is not None
    assert "nvidia-smi -L" in finding.remedy.commands


def test_a_machine_whose_torch_drives_another_makers_gpu_lacks_nothing() -> None:
    device = TorchDevice(device="xpu:0", name="Intel Arc B580")
    rig = cpu_laptop(torch=msgspec.structs.replace(torch(), devices=found((device,))))
    finding = finding_of(rig, ID)
    assert finding.verdict is Verdict.SKIP
    assert "xpu:0" in finding.headline
