"""Which driver, and how this distribution installs it."""

import pytest

from rigcheck.facts import Pci, Rig
from rigcheck.rules.gpus import known_gpus
from rigcheck.rules.remedies.driver_choice import DriverChoice, driver_for, install_driver
from tests.rules.rigs import NO_LIBRARY, card, found, host, nvml_refusing, rtx_4090

CHIPS = {
    "Kepler": "GK210GL [Tesla K80]",
    "Maxwell": "GM206 [GeForce GTX 960]",
    "Pascal": "GP102 [GeForce GTX 1080 Ti]",
    "Volta": "GV100GL [Tesla V100 PCIe 16GB]",
    "Turing": "TU102 [GeForce RTX 2080 Ti]",
    "Ada": "AD102 [GeForce RTX 4090]",
    "Blackwell": "GB202 [GeForce RTX 5090]",
}


def machine(distribution: str, version: str, *architectures: str) -> Rig:
    cards = [card(f"0000:0{i}:00.0", CHIPS[a]) for i, a in enumerate(architectures)]
    return rtx_4090(
        host=host(distribution_id=found(distribution), distribution_version=found(version)),
        pci=Pci(nvidia_gpus=found(tuple(cards))),
        nvml=nvml_refusing(NO_LIBRARY),
    )


def choice(rig: Rig, at_least: str = "0") -> DriverChoice:
    chosen = driver_for(rig, known_gpus(rig), at_least)
    assert chosen is not None
    return chosen


@pytest.mark.parametrize(
    ("distribution", "version", "architecture", "package"),
    [
        ("ubuntu", "24.04", "Maxwell", "nvidia-driver-580"),
        ("ubuntu", "24.04", "Pascal", "nvidia-driver-580"),
        ("ubuntu", "24.04", "Volta", "nvidia-driver-580"),
        ("ubuntu", "22.04", "Turing", "nvidia-driver-580-open"),
        ("ubuntu", "26.04", "Blackwell", "nvidia-driver-580-open"),
        ("linuxmint", "22", "Ada", "nvidia-driver-580-open"),
        ("debian", "12", "Kepler", "nvidia-tesla-470-driver"),
        ("debian", "12", "Maxwell", "nvidia-driver"),
        ("debian", "13", "Ada", "nvidia-driver"),
        ("debian", "13", "Blackwell", "nvidia-open"),
        ("fedora", "44", "Pascal", "akmod-nvidia-580xx"),
        ("fedora", "44", "Blackwell", "akmod-nvidia"),
        ("arch", "", "Maxwell", "nvidia-580xx-dkms"),
        ("arch", "", "Kepler", "nvidia-470xx-dkms"),
        ("arch", "", "Ada", "nvidia-open-dkms"),
        ("rocky", "9.4", "Volta", "nvidia-driver:580-dkms"),
        ("rhel", "8.10", "Blackwell", "nvidia-driver:580-open"),
        ("almalinux", "10.1", "Ada", "nvidia-open"),
        ("opensuse-tumbleweed", "20261120", "Ada", "nvidia-open-driver-G07-signed-kmp-meta"),
        ("opensuse-leap", "16.0", "Pascal", "nvidia-driver-G06-kmp-meta"),
    ],
)
def test_a_distribution_has_a_package_for_the_architecture(
    distribution: str, version: str, architecture: str, package: str
) -> None:
    words = " ".join(choice(machine(distribution, version, architecture)).commands).split()
    assert package in words


def test_debians_own_driver_is_passed_over_where_it_is_too_old() -> None:
    rig = machine("debian", "12", "Ada")
    assert "nvidia-open" not in " ".join(choice(rig).commands).split()
    newer = choice(rig, at_least="580.65.06")
    assert newer.commands[-1] == "sudo apt install nvidia-open"
    assert newer.version == "580.65.06"


def test_a_package_that_was_not_read_at_its_source_says_so() -> None:
    assert (
        "were seen in public installation notes"
        in choice(machine("opensuse-leap", "16.0", "Ada")).text
    )
    assert "seen in" not in choice(machine("rocky", "9.4", "Volta")).text


def test_old_and_new_cards_together_get_the_closed_module() -> None:
    assert choice(machine("ubuntu", "24.04", "Maxwell", "Ada")).commands[-1] == (
        "sudo apt install nvidia-driver-580"
    )


@pytest.mark.parametrize(
    "architectures",
    [
        ("Maxwell", "Blackwell"),  # one takes the closed module, the other the open one
        ("Kepler", "Ada"),  # no branch drives both
    ],
)
def test_cards_that_no_driver_serves_together_get_none(architectures: tuple[str, ...]) -> None:
    rig = machine("ubuntu", "24.04", *architectures)
    assert driver_for(rig, known_gpus(rig)) is None
    remedy = install_driver(rig, known_gpus(rig))
    assert "nvidia.com" in remedy.text


def test_kepler_on_ubuntu_gets_nvidias_installer_of_the_last_branch() -> None:
    kepler = choice(machine("ubuntu", "24.04", "Kepler"))
    assert kepler.version == "470.256.02"
    assert kepler.commands[-1] == "sudo sh NVIDIA-Linux-x86_64-470.256.02.run"


def test_a_distribution_without_packages_is_told_the_branch() -> None:
    generic = choice(machine("nixos", "26.05", "Ada"))
    assert "580 branch" in generic.text
    assert "open kernel module" in generic.text
    assert generic.commands == ()


def test_a_card_that_is_in_no_table_gets_no_branch() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(name="GZ999 [GeForce Tomorrow]"),))),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    assert driver_for(rig, known_gpus(rig)) is None
    remedy = install_driver(rig, known_gpus(rig))
    assert "GZ999" in remedy.text
    assert remedy.commands == ("ubuntu-drivers devices",)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"container": found("docker")}, "host"),
        ({"wsl_version": found(2)}, "Windows"),
        ({"kernel_release": found("5.15.148-tegra")}, "JetPack"),
    ],
)
def test_a_driver_that_belongs_elsewhere_is_installed_elsewhere(
    place: dict[str, object], words: str
) -> None:
    rig = rtx_4090(host=host(**place))  # type: ignore[arg-type]
    remedy = install_driver(rig, known_gpus(rig))
    assert words in remedy.text
    assert remedy.commands == ()


def test_an_installation_ends_with_a_restart() -> None:
    rig = machine("ubuntu", "24.04", "Ada")
    assert install_driver(rig, known_gpus(rig)).commands[-1] == "sudo reboot"
