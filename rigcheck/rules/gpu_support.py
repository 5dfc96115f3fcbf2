"""Does the installed driver drive this card: its branch, and its open or closed kernel module?"""

from collections.abc import Iterator

from rigcheck.facts import Fact, Found, KernelMessage, PciGpu, Rig, value_of
from rigcheck.findings import Evidence, Verdict
from rigcheck.rules.driver_fit import OPEN_DRIVES_FROM_TURING, architecture_of, why_not_driven
from rigcheck.rules.each_gpu import card_name, unlisted_cards
from rigcheck.rules.evidence import from_table, log_line, passed, skipped, told
from rigcheck.rules.gpus import driver_version, known_gpus, usable_cards
from rigcheck.rules.grounds import without_reachable_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.driver_choice import install_driver
from rigcheck.rules.rule import Judgement, rule

_GUIDE = "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/"
_NEEDS = ("host", "pci", "driver", "nvml", "torch", "kernel_log")


@rule("open-module-required", group="driver", needs=_NEEDS, link=f"{_GUIDE}kernel-modules.html")
def open_module_required(rig: Rig) -> Iterator[Judgement]:
    """A card since Blackwell has only NVIDIA's open kernel module, and the closed one is loaded.

    nvidia-smi then says "No devices were found". The loaded module tells its kind, the card's chip
    what it takes; the kernel's log may say it in words. A card that answers has what it needs.
    """
    kind = rig.driver.module_kind
    cards = _silent_cards(rig)
    if value_of(kind) == "open":
        yield passed("the open kernel module is loaded", told("kernel module", kind))
    elif not isinstance(kind, Found):
        yield without_reachable_gpu(rig) or skipped("no module is loaded", told("module", kind))
    else:
        yield from _or_passed(rig, [_needs_open(rig, card) for card in cards])


def _needs_open(rig: Rig, card: PciGpu) -> Judgement | None:
    message = _message_about(rig, card, "proprietary-module-new-gpu")
    row = architecture_of(card)
    if message is None and (row is None or row.module != "open"):
        return None
    return _unfit(
        rig,
        card,
        f"{card_name(card)} needs the driver's open kernel module, and the closed one is loaded",
        _from_log(rig, message),
        from_table(f"{row.name} takes the open module only", row) if row else None,
        told("kernel module", rig.driver.module_kind),
    )


@rule("gpu-not-supported-by-driver", group="driver", needs=_NEEDS, link=_GUIDE)
def gpu_not_supported_by_driver(rig: Rig) -> Iterator[Judgement]:
    """The installed driver leaves a card out: its branch dropped it, is too old for it, or is open.

    The branches after 580 ignore Maxwell, Pascal and Volta, those after 470 Kepler; a branch older
    than the card does not know it; the open kernel module drives nothing older than Turing. The
    kernel's log says so in words, else the table of branches does. A card that answers is driven.
    """
    version = _installed_version(rig)
    if not isinstance(version, Found):
        yield without_reachable_gpu(rig) or skipped("no driver's version is known")
    else:
        findings = [_left_out(rig, card, version) for card in _silent_cards(rig)]
        yield from _or_passed(rig, findings)


def _left_out(rig: Rig, card: PciGpu, version: Found[str]) -> Judgement | None:
    message = next(filter(None, (_message_about(rig, card, id_) for id_ in _LEFT_OUT)), None)
    row = architecture_of(card)
    why = _why_by_log(message) or (why_not_driven(rig, row, version.value) if row else "")
    if not why:
        return None
    return _unfit(
        rig,
        card,
        f"driver {version.value} does not drive {card_name(card)}: {why}",
        told("driver", version),
        _from_log(rig, message),
        from_table(f"{row.name}: last branch {row.last_branch}", row) if row else None,
    )


_LEFT_OUT = {
    "legacy-branch-needed": "it is of an older branch",
    "open-module-old-gpu": OPEN_DRIVES_FROM_TURING,
    "not-supported-by-release": "it is not among the cards of this version",
}


def _why_by_log(message: KernelMessage | None) -> str:
    if message is None:
        return ""
    return f"it needs branch {message.argument}" if message.argument else _LEFT_OUT[message.id]


def _or_passed(rig: Rig, findings: list[Judgement | None]) -> Iterator[Judgement]:
    wrong = [finding for finding in findings if finding is not None]
    nothing = without_reachable_gpu(rig)
    if wrong and nothing is None:
        yield from wrong
    else:
        version = told("driver", _installed_version(rig))
        kind = told("kernel module", rig.driver.module_kind)
        yield nothing or passed("the driver leaves no card out", version, kind)


def _unfit(rig: Rig, card: PciGpu, headline: str, *evidence: Evidence | None) -> Judgement:
    return Judgement(
        verdict=Verdict.FAIL,
        headline=headline,
        evidence=tuple(one for one in evidence if one is not None),
        remedy=install_driver(rig, known_gpus(rig)),
        subject=card.pci_bus_id,
    )


def _silent_cards(rig: Rig) -> tuple[PciGpu, ...]:
    """Those that NVIDIA's driver was to drive and that do not answer."""
    if place_of(rig) is not Place.HOST:
        return ()
    others = {c.pci_bus_id for c in usable_cards(rig) if value_of(c.kernel_driver) == "nouveau"}
    return tuple(card for card in unlisted_cards(rig) if card.pci_bus_id not in others)


def _installed_version(rig: Rig) -> Fact[str]:
    """A driver whose only card it ignores does not even stay loaded: then that on disk counts."""
    running = driver_version(rig)
    return running if isinstance(running, Found) else rig.driver.module_on_disk_version


def _message_about(rig: Rig, card: PciGpu, id_: str) -> KernelMessage | None:
    """A line that names no card is about any."""
    for message in value_of(rig.kernel_log.messages) or ():
        if message.id == id_ and message.pci_bus_id in ("", card.pci_bus_id):
            return message
    return None


def _from_log(rig: Rig, message: KernelMessage | None) -> Evidence | None:
    return log_line(message, rig.kernel_log.messages.source) if message else None
