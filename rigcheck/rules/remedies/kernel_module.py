"""Getting the NVIDIA kernel module built, loaded and bound, in this distribution's way."""

from rigcheck.facts import Found, Rig, value_of
from rigcheck.findings import Remedy
from rigcheck.rules.gpus import known_gpus
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.driver_choice import VERIFY, install_driver

_DEBIAN_LIKE = ("ubuntu", "debian", "linuxmint", "zorin", "elementary", "pop")
_DRACUT = ("rhel", "rocky", "almalinux", "centos", "ol", "opensuse-leap", "opensuse-tumbleweed")
_ARCH_LIKE = ("arch", "endeavouros", "manjaro", "cachyos")
_WHY = "journalctl -k -b | grep -iE 'nvrm|nvidia'"
_BLACKLIST = (
    r"printf 'blacklist nouveau\noptions nouveau modeset=0\n' "
    "| sudo tee /etc/modprobe.d/blacklist-nouveau.conf"
)
_RELOAD = "sudo rmmod nvidia_uvm nvidia_drm nvidia_modeset nvidia && sudo modprobe nvidia"


def load_module(rig: Rig) -> Remedy:
    """For a module that lies on disk for the running kernel."""
    version = value_of(rig.driver.module_on_disk_version)
    which = f" of driver {version}" if version else ""
    return Remedy(
        text=f"Load the module{which}. If it is refused, the kernel's log says why: "
        "Secure Boot (`Key was rejected by service`: enrol the key with mokutil), another driver "
        "that holds the card, or a card of an older branch",
        commands=("sudo modprobe nvidia", _WHY),
        verify=VERIFY,
    )


def build_module(rig: Rig) -> Remedy:
    """For a driver whose libraries are there and whose module is not, for this kernel."""
    commands = _BUILDS.get(distribution_family(rig))
    if commands is None:
        return Remedy(
            text="Install the headers of the running kernel and build the module for it, or "
            "install the driver package again",
            commands=("uname -r", "dkms status"),
            verify=VERIFY,
        )
    return Remedy(
        text="If the kernel was updated since the last start, restart first. Else build the module "
        "for the running kernel, as happens by itself once the kernel's headers are installed",
        commands=(*commands, "sudo modprobe nvidia"),
        verify=VERIFY,
    )


_BUILDS = {
    "debian": ("sudo apt install linux-headers-$(uname -r)", "sudo dkms autoinstall"),
    "fedora": ("sudo dnf install kernel-devel-$(uname -r)", "sudo akmods --force"),
    "arch": ("sudo pacman -Syu --needed linux-headers", "sudo dkms autoinstall"),
}


def give_card_to_nvidia(rig: Rig) -> Remedy:
    """For a card that nouveau holds: NVIDIA's driver where there is none, and nouveau kept out."""
    if place_of(rig) is not Place.HOST:
        return install_driver(rig, known_gpus(rig))
    keep_out = (_BLACKLIST, *_INITRAMFS.get(distribution_family(rig), ()))
    if isinstance(rig.driver.module_on_disk_version, Found):
        return Remedy(
            text="NVIDIA's driver is installed: keep nouveau from loading, also in the early boot "
            "image (initramfs), and restart",
            commands=(*keep_out, "sudo reboot"),
            verify=VERIFY,
        )
    driver = install_driver(rig, known_gpus(rig))
    before_restart = tuple(c for c in driver.commands if c != "sudo reboot")
    return Remedy(
        text=f"{driver.text}; nouveau is kept from loading",
        commands=(*before_restart, *keep_out, "sudo reboot"),
        verify=VERIFY,
    )


# Early boot has a copy of nouveau and of the blacklist, which is made anew.
_INITRAMFS = {
    "debian": ("sudo update-initramfs -u",),
    "fedora": ("sudo dracut --force",),
    "dracut": ("sudo dracut --force",),
    "arch": ("sudo mkinitcpio -P",),
}


def restart_or_reload(rig: Rig) -> Remedy:
    """For a module in memory that is not of the libraries on disk."""
    if place_of(rig) is Place.CONTAINER:
        return Remedy(
            text="Start the container again: it took the host's driver libraries when it began. "
            "If that does not mend it, restart the host",
            verify=VERIFY,
        )
    on_disk = value_of(rig.driver.module_on_disk_version)
    library = value_of(rig.driver.library_version)
    if on_disk and library and on_disk != library:
        return Remedy(
            text=f"The module on disk for the running kernel is of driver {on_disk}, the libraries "
            f"are of {library}: build the module of {library}, then restart",
            commands=(*_BUILDS.get(distribution_family(rig), ()), "sudo reboot"),
            verify=VERIFY,
        )
    return Remedy(
        text="Restart: the new module is loaded at the next start. Without a restart, once nothing "
        f"uses a GPU (no desktop, no training): {_RELOAD}",
        commands=("sudo reboot",),
        verify=VERIFY,
    )


def distribution_family(rig: Rig) -> str:
    """How the distribution builds modules and boot images."""
    distribution = value_of(rig.host.distribution_id) or ""
    if distribution in _DEBIAN_LIKE:
        return "debian"
    if distribution in _ARCH_LIKE:
        return "arch"
    if distribution == "fedora":
        return "fedora"
    return "dracut" if distribution in _DRACUT else ""
