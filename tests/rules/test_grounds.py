"""Is there a GPU, and can it be reached from here?"""

from rigcheck.facts import Absent, Failed, Nvml, Pci, Reason, Rig
from rigcheck.rules.grounds import Presence, presence
from tests.rules.rigs import cpu_laptop, found, host, rtx_4090


def test_an_empty_bus_means_no_gpu() -> None:
    assert presence(cpu_laptop()) is Presence.NONE


def test_where_the_bus_shows_no_gpus_it_proves_nothing() -> None:
    unseen = Absent(Reason.NOT_SUPPORTED, "/sys/bus/pci/devices")
    assert presence(cpu_laptop(pci=Pci(nvidia_gpus=unseen))) is Presence.UNKNOWN
    in_wsl = cpu_laptop(host=host(wsl_version=found(2)))
    assert presence(in_wsl) is Presence.UNKNOWN
    on_jetson = cpu_laptop(host=host(kernel_release=found("5.15.148-tegra")))
    assert presence(on_jetson) is Presence.UNKNOWN


def test_a_driver_that_shows_gpus_is_enough() -> None:
    rig = rtx_4090(host=host(wsl_version=found(2)), pci=Pci(nvidia_gpus=Failed("x", "y")))
    assert presence(rig) is Presence.THERE


def test_a_driver_of_which_only_the_cuda_is_known_has_a_gpu() -> None:
    assert presence(Rig(nvml=Nvml(cuda_version=found("12.2")))) is Presence.THERE


def test_a_driver_that_says_it_has_none_has_none() -> None:
    rig = cpu_laptop(nvml=Nvml(driver_version=found("580.95.05"), gpus=found(())))
    assert presence(rig) is Presence.NONE
