"""Which driver is advised."""

from rigcheck.counsel.driver import driver as advise_driver
from rigcheck.facts import Driver, Pci, Rig
from rigcheck.rules.gpus import known_gpus
from tests.counsel.words import words_of
from tests.rules.rigs import (
    card,
    cpu_laptop,
    driver,
    found,
    gpu,
    gtx_960,
    host,
    nvml,
    rtx_4090,
    two_unlike,
    v100,
)


def told(rig: Rig) -> str:
    return words_of(advise_driver(rig, known_gpus(rig)))


def rtx_5090(version: str, kind: str) -> Rig:
    """On the bus, and unknown to the driver that runs."""
    return rtx_4090(
        pci=Pci(nvidia_gpus=found((card(name="GB202 [GeForce RTX 5090]"),))),
        driver=driver(version, module_kind=found(kind)),
        nvml=nvml(version=version),
    )


def test_a_driver_of_a_living_branch_is_kept() -> None:
    words = told(rtx_4090())
    assert "gets fixes until 2028-06: keep it" in words
    assert "sudo" not in words


def test_a_driver_of_an_ended_branch_is_replaced() -> None:
    words = told(v100())
    assert "gets no more fixes since 2024-09" in words
    assert "sudo apt install nvidia-driver-580" in words


def test_the_last_branch_of_a_card_is_kept_though_it_has_ended() -> None:
    rig = rtx_4090(
        driver=driver("470.256.02"),
        nvml=nvml(gpu(name="Tesla K80", capability="3.7"), version="470.256.02"),
    )
    words = told(rig)
    assert "the last for Tesla K80 (3.7): keep it" in words
    assert "sudo" not in words


def test_a_driver_too_old_for_the_card_is_told_so() -> None:
    words = told(rtx_5090("550.163.01", "closed"))
    assert (
        "does not drive GB202 [GeForce RTX 5090]: the first branch with Blackwell is 570" in words
    )
    assert "nvidia-driver-580-open" in words


def test_the_closed_module_is_no_use_to_blackwell() -> None:
    words = told(rtx_5090("580.95.05", "closed"))
    assert "Blackwell takes the open kernel module, and the closed one is loaded" in words
    assert "nvidia-driver-580-open" in words


def test_a_card_that_answers_is_driven_whatever_the_tables_say() -> None:
    rig = rtx_4090(
        driver=driver("550.163.01", module_kind=found("closed")),
        nvml=nvml(gpu(name="NVIDIA GeForce RTX 5090", capability="12.0"), version="550.163.01"),
    )
    assert "does not drive" not in told(rig)


def test_cards_that_no_driver_serves_together_are_told_apart() -> None:
    rig = two_unlike(("NVIDIA GeForce GTX 1080 Ti", "6.1"), ("NVIDIA GeForce RTX 5090", "12.0"))
    words = told(rig)
    assert "No one driver serves all of them" in words
    assert "takes the closed kernel module of a branch up to 580" in words


def test_old_and_new_cards_under_one_driver_are_no_matter() -> None:
    rig = two_unlike(("NVIDIA GeForce GTX 960", "5.2"), ("NVIDIA GeForce RTX 3060", "8.6"))
    assert "No one driver" not in told(rig)


def test_the_driver_of_windows_is_left_to_windows() -> None:
    rig = rtx_4090(
        host=host(wsl_version=found(2)),
        pci=Pci(),
        driver=Driver(library_version=found("470.256.02")),
        nvml=nvml(gpu(), version="470.256.02"),
    )
    assert "that of Windows" in told(rig)
    assert "sudo" not in told(rig)


def test_a_driver_newer_than_the_tables_is_no_matter() -> None:
    assert "not in rigcheck's tables" in told(gtx_960(nvml=nvml(gpu(), version="999.1")))


def test_without_a_gpu_none_is_needed() -> None:
    assert "none is needed" in told(cpu_laptop())


def test_a_container_hears_that_the_hosts_branch_has_ended() -> None:
    inside = v100(host=host(container=found("docker")))
    assert "the host's: it is kept there. Its branch gets no more fixes" in told(inside)
