"""The driver's kernel module: is it loaded, and does it hold the GPUs?"""

from collections.abc import Iterator

from rigcheck.facts import Found, PciGpu, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import log_line, passed, skipped, told, unknown
from rigcheck.rules.gpus import known_gpus, usable_cards
from rigcheck.rules.grounds import without_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.driver_choice import install_driver
from rigcheck.rules.remedies.kernel_module import build_module, give_card_to_nvidia, load_module
from rigcheck.rules.rule import Judgement, rule

_DRIVER_GUIDE = "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/"
_OTHER_OWNS = "other-driver-owns"
"""In the table of kernel messages."""
_OWNERS = {Place.WSL: "Windows", Place.JETSON: "JetPack"}


@rule(
    "kernel-module-not-loaded",
    group="driver",
    needs=("host", "pci", "driver", "nvml"),
    follows=(
        "kernel-module-not-built",
        "secure-boot-blocks-module",
        "gpu-not-supported-by-driver",
        "nouveau-bound",
    ),
    link=f"{_DRIVER_GUIDE}kernel-modules.html",
)
def kernel_module_not_loaded(rig: Rig) -> Iterator[Judgement]:
    """A GPU is on the bus, but the kernel has not loaded NVIDIA's module, so no program reaches it.

    The module's version in /sys or /proc shows that it is loaded. If it is not, and nothing of a
    driver is on disk, then none is installed.
    """
    module = rig.driver.module_version
    other = _not_about_modules(rig)
    if other is not None:
        yield other
    elif isinstance(module, Found):
        yield passed(f"NVIDIA kernel module {module.value} is loaded", told("module", module))
    elif isinstance(rig.nvml.driver_version, Found):
        yield passed("the NVIDIA driver answers", told("driver", rig.nvml.driver_version))
    elif not is_known_absent(module):
        yield unknown(
            "whether the NVIDIA kernel module is loaded could not be told",
            told("module", module),
            tells="The kernel's list of modules tells it",
            commands=("lsmod | grep nvidia",),
        )
    elif all(_is_nouveaus(card) for card in usable_cards(rig)):
        yield skipped("nouveau holds every NVIDIA GPU", *_bindings(rig))
    else:
        yield _module_missing(rig)


def _not_about_modules(rig: Rig) -> Judgement | None:
    place = place_of(rig)
    if place in _OWNERS:
        return skipped(f"{_OWNERS[place]} brings the driver, no kernel module of this system")
    nothing = without_gpu(rig)
    if nothing is not None:
        return nothing
    if isinstance(rig.pci.nvidia_gpus, Found) and not usable_cards(rig):
        return skipped("no NVIDIA GPU on this machine's PCI bus", *_bindings(rig))
    return None


def _module_missing(rig: Rig) -> Judgement:
    state, remedy = _state_and_remedy(rig)
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"the NVIDIA kernel module is not {state}",
        evidence=(
            told("loaded module", rig.driver.module_version),
            told("module on disk", rig.driver.module_on_disk_version),
            told("libraries", rig.driver.library_version),
            told("NVML", rig.nvml.driver_version),
            told("kernel", rig.host.kernel_release),
            *_bindings(rig),
        ),
        remedy=remedy,
    )


def _state_and_remedy(rig: Rig) -> tuple[str, Remedy]:
    if place_of(rig) is Place.CONTAINER:
        return "loaded on the host", install_driver(rig, known_gpus(rig))
    if not is_known_absent(rig.driver.module_on_disk_version):
        return "loaded", load_module(rig)
    if is_known_absent(rig.driver.library_version):
        return "installed", install_driver(rig, known_gpus(rig))
    return "loaded", build_module(rig)


@rule(
    "nouveau-bound",
    group="driver",
    needs=("host", "pci", "driver", "nvml", "kernel_log"),
    follows=("kernel-module-not-built", "secure-boot-blocks-module"),
    link=_DRIVER_GUIDE,
)
def nouveau_bound(rig: Rig) -> Iterator[Judgement]:
    """The kernel's free driver nouveau holds a GPU, and CUDA cannot use it while it does.

    Each GPU's `driver` link in sysfs names the driver bound to it. That nouveau is merely loaded
    says nothing: it may hold another card. NVIDIA's module notes it in the kernel's log when it
    finds cards taken; where the bus cannot be seen and nouveau is loaded, that note tells.
    """
    cards = usable_cards(rig)
    held = [card for card in cards if _is_nouveaus(card)]
    if not isinstance(rig.pci.nvidia_gpus, Found):
        yield _held_unseen(rig) or without_gpu(rig) or _bus_unseen(rig)
    elif not cards:
        yield skipped("no NVIDIA GPU on this machine's PCI bus", *_bindings(rig))
    elif not held:
        # It may have held one when NVIDIA's module was loaded first.
        yield passed("nouveau holds no NVIDIA GPU", *_bindings(rig), *_found_taken(rig))
    for card in held:
        yield _held_by_nouveau(rig, card)


def _found_taken(rig: Rig) -> tuple[Evidence, ...]:
    """What NVIDIA's module wrote when another driver had cards of its own."""
    log = rig.kernel_log.messages
    notes = (m for m in value_of(log) or () if m.id == _OTHER_OWNS)
    return tuple(log_line(note, log.source) for note in notes)


def _held_unseen(rig: Rig) -> Judgement | None:
    is_loaded = value_of(rig.driver.nouveau_loaded) is True
    if is_loaded and _found_taken(rig) and not isinstance(rig.nvml.driver_version, Found):
        return _held_by_nouveau(rig, None)
    return None


def _bus_unseen(rig: Rig) -> Judgement:
    if isinstance(rig.nvml.driver_version, Found):
        return passed("NVIDIA's driver has the GPUs", told("driver", rig.nvml.driver_version))
    return unknown(
        "which driver holds the GPUs could not be told",
        told("PCI bus", rig.pci.nvidia_gpus),
        *_found_taken(rig),
        tells="The bus tells it, where it can be read",
        commands=("lspci -k -d 10de:",),
    )


def _held_by_nouveau(rig: Rig, card: PciGpu | None) -> Judgement:
    name = value_of(card.name) if card else None
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"nouveau holds {name or 'the NVIDIA GPU'}, and CUDA cannot use it",
        evidence=(
            _binding(card) if card else told("nouveau loaded", rig.driver.nouveau_loaded),
            *_found_taken(rig),
            told("NVIDIA module on disk", rig.driver.module_on_disk_version),
            told("NVIDIA libraries", rig.driver.library_version),
        ),
        remedy=give_card_to_nvidia(rig),
        subject=card.pci_bus_id if card else "",
    )


def _is_nouveaus(card: PciGpu) -> bool:
    return value_of(card.kernel_driver) == "nouveau"


def _bindings(rig: Rig) -> tuple[Evidence, ...]:
    return tuple(_binding(card) for card in value_of(rig.pci.nvidia_gpus) or ())


def _binding(card: PciGpu) -> Evidence:
    name = value_of(card.name) or card.device_id
    return told(f"driver of {name} at {card.pci_bus_id}", card.kernel_driver)
