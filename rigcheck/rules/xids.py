"""Errors of a GPU that the driver wrote to the kernel's log (Xids)."""

from collections.abc import Iterator

from rigcheck.facts import Absent, Found, Reason, Rig, Xid, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import xids
from rigcheck.knowledge.xids import FELL_OFF_BUS
from rigcheck.rules.each_gpu import answering, answers, gpu_at, silent, subject_of
from rigcheck.rules.evidence import from_table, passed, skipped, told, unknown
from rigcheck.rules.grounds import without_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said

_CATALOGUE = "https://docs.nvidia.com/deploy/xid-errors/analyzing-xid-catalog.html"
_READ_LOG = "sudo dmesg | grep -i xid"
_NEEDS = ("host", "pci", "nvml", "kernel_log")
_WEIGHTS = ("error", "warn", "info", "app")


@rule(
    "xid-errors",
    group="kernel_log",
    needs=_NEEDS,
    follows=("xid79-fell-off-bus",),
    link=_CATALOGUE,
)
def xid_errors(rig: Rig) -> Iterator[Judgement]:
    """The driver reported errors of a GPU (Xids) since boot.

    One fault prints several: the first is the cause, the rest its trail. Those that programs cause
    themselves (a bad index, a killed process) are told and not held against the machine. A log that
    may not be read is no log without errors.
    """
    log = rig.kernel_log
    if place_of(rig) in (Place.WSL, Place.JETSON):
        yield skipped("the driver that logs Xids is not this system's kernel's")
    elif not isinstance(log.xids, Found):
        yield without_gpu(rig) or _unreadable(rig)
    else:
        trails = _trails(tuple(x for x in log.xids.value if x.code != FELL_OFF_BUS))
        if not trails:
            yield without_gpu(rig) or _none(rig)
        for trail in trails:
            yield _judge_trail(rig, trail)


def _unreadable(rig: Rig) -> Judgement:
    on_host = " (on the host)" if place_of(rig) is Place.CONTAINER else ""
    return unknown(
        "whether a GPU reported errors (Xids) could not be read",
        told("kernel log", rig.kernel_log.xids),
        tells=f"The kernel's log{on_host} tells it",
        commands=(_READ_LOG,),
    )


def _none(rig: Rig) -> Judgement:
    log = rig.kernel_log
    since = "since boot" if value_of(log.reaches_boot) else "in what the kernel's log still holds"
    return passed(
        f"no GPU reported an error (Xid) {since}", Evidence("Xids: none", log.xids.source)
    )


def _trails(events: tuple[Xid, ...]) -> tuple[tuple[Xid, ...], ...]:
    """Each GPU's, in order of time."""
    places = dict.fromkeys(event.pci_bus_id for event in events)
    return tuple(tuple(e for e in events if e.pci_bus_id == place) for place in places)


def _judge_trail(rig: Rig, trail: tuple[Xid, ...]) -> Judgement:
    """The worst of them decides how bad it is, the first of the worst leads."""
    lead = min(trail, key=lambda event: _WEIGHTS.index(_weight(event)))
    row = xids.xid_of(lead.code)
    subject = _subject(rig, lead)
    meaning = row.text if row else "a number that rigcheck's table does not know"
    evidence = tuple(_line(rig, event) for event in trail)
    if _weight(lead) == "app":
        return passed(
            f"{subject}: only errors that programs cause (Xid {_codes(trail)})",
            *evidence,
            subject=subject,
        )
    if _weight(lead) == "info":
        return passed(
            f"{subject}: only harmless notes (Xid {_codes(trail)})", *evidence, subject=subject
        )
    return Judgement(
        verdict=Verdict.FAIL if _weight(lead) == "error" else Verdict.WARN,
        headline=f"{subject} reported Xid {lead.code}: {meaning}",
        evidence=(*evidence, *([from_table(f"Xid {lead.code}: {meaning}", row)] if row else [])),
        remedy=_remedy(row),
        subject=subject,
        follows=None if _came_after_fall(rig, lead) else (),
    )


def _came_after_fall(rig: Rig, event: Xid) -> bool:
    return any(
        other.code == FELL_OFF_BUS
        and other.pci_bus_id == event.pci_bus_id
        and other.first_s <= event.first_s
        for other in value_of(rig.kernel_log.xids) or ()
    )


def _weight(event: Xid) -> str:
    row = xids.xid_of(event.code)
    if row is None:
        return "warn"
    return "app" if row.side == "app" else row.weight


def _codes(trail: tuple[Xid, ...]) -> str:
    return ", ".join(dict.fromkeys(str(event.code) for event in trail))


def _subject(rig: Rig, event: Xid) -> str:
    gpu = gpu_at(rig, event.pci_bus_id)
    return subject_of(gpu) if gpu else event.pci_bus_id or "a GPU"


def _line(rig: Rig, event: Xid) -> Evidence:
    often = f", {event.count} times" if event.count > 1 else ""
    return Evidence(
        f"kernel log, {event.first_s:.0f} s after boot{often}: {event.text}",
        rig.kernel_log.xids.source,
    )


def _remedy(row: xids.XidRow | None) -> Remedy:
    if row is None or not row.advice:
        return Remedy(text=f"NVIDIA's catalogue tells what it means: {_CATALOGUE}")
    likely = f" (likely: {row.likely})" if row.likely else ""
    return Remedy(text=f"{row.advice[0].upper()}{row.advice[1:]}{likely}", commands=(_READ_LOG,))


@rule("xid79-fell-off-bus", group="nvml", needs=_NEEDS, link=_CATALOGUE)
def xid79_fell_off_bus(rig: Rig) -> Iterator[Judgement]:
    """A GPU fell off the bus while the machine ran: the driver cannot reach it over PCIe any more.

    The kernel's log has it as Xid 79 or in words, NVML as "GPU is lost". Power dips, loose cables
    or slots, risers and heat cause it. A GPU that answers again was reset since; it is warned of.
    """
    fallen = [x for x in value_of(rig.kernel_log.xids) or () if x.code == FELL_OFF_BUS]
    lost = [gpu for gpu in silent(rig) if _is_lost(gpu.uuid)]
    for event in fallen:
        yield _fell(rig, event)
    if lost and not fallen:
        for gpu in lost:
            yield _off_bus(subject_of(gpu), told(subject_of(gpu), gpu.uuid))
    words = met(rig, "fell-off-bus") if not lost and not fallen else ()
    if words:
        yield _off_bus("a GPU", said(words[0]))
    elif not lost and not fallen:
        yield _still_there(rig)


def _is_lost(fact: object) -> bool:
    return isinstance(fact, Absent) and fact.reason is Reason.GPU_LOST


def _fell(rig: Rig, event: Xid) -> Judgement:
    subject = _subject(rig, event)
    if gpu_at(rig, event.pci_bus_id) is None:
        return _off_bus(subject, _line(rig, event))
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{subject} fell off the bus {event.first_s:.0f} s after boot, and is back",
        evidence=(_line(rig, event), answers(rig)),
        remedy=_reseat(),
        subject=subject,
    )


def _off_bus(subject: str, evidence: Evidence) -> Judgement:
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"{subject} has fallen off the bus",
        evidence=(evidence,),
        remedy=_reseat(),
        subject=subject,
    )


def _reseat() -> Remedy:
    return Remedy(
        text="Shut down and switch off (a restart may not bring it back). Check the card's power "
        "cables and the power supply, seat the card anew, leave the riser out. If it comes back "
        "under load, lower the power limit and watch the temperatures",
        commands=("sudo poweroff",),
        verify="rigcheck check --only nvml --only kernel_log",
    )


def _still_there(rig: Rig) -> Judgement:
    if answering(rig) and not silent(rig):
        return passed("every GPU that is listed is on the bus", answers(rig))
    if isinstance(rig.kernel_log.xids, Found):
        evidence = Evidence("Xid 79: none", rig.kernel_log.xids.source)
        return without_gpu(rig) or passed("the kernel's log tells of no GPU that fell", evidence)
    return without_gpu(rig) or _unreadable(rig)
