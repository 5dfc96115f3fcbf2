"""Which device of one run is which of another: by identity, never by number."""

import re
from collections.abc import Iterator, Sequence

from rigcheck.bench.result import DeviceRun
from rigcheck.facts import Rig, value_of
from rigcheck.report.report import Report

_UUID = re.compile(r"(GPU|MIG)-[0-9a-f-]{8,}", re.IGNORECASE)
_BUS_ID = re.compile(r"[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]", re.IGNORECASE)
_REDACTED = "<"
"""What no host's name begins with, and a placeholder for one does."""


def is_same_machine(before: Rig, after: Rig) -> bool | None:
    """True where a GPU is in both, else by the names of host and processor; None where untold."""
    if _uuids(before) & _uuids(after):
        return True
    hosts = _hostname(before), _hostname(after)
    if None in hosts:
        return None
    return hosts[0] == hosts[1] and value_of(before.cpu.model) == value_of(after.cpu.model)


def is_uuid(text: str | None) -> bool:
    """True for a GPU's own UUID, and not for what stands in its place in a redacted report."""
    return text is not None and _UUID.fullmatch(text) is not None


def joined(before: Report, after: Report) -> Iterator[tuple[DeviceRun, DeviceRun]]:
    """Each device that trained in both.

    A processor is known by its model's name. A bus id alone says which slot, not which card: it
    counts on one machine only. Where a report does not tell identities (they were redacted), a
    model of which each report has one is taken for the same card.
    """
    theirs = list(after.bench.devices) if after.bench else []
    same = is_same_machine(before.rig, after.rig)
    for old in before.bench.devices if before.bench else ():
        new = _find(old, theirs, is_same_machine=same)
        if new is not None:
            yield old, new


def _find(
    old: DeviceRun, theirs: Sequence[DeviceRun], *, is_same_machine: bool | None
) -> DeviceRun | None:
    alike = [new for new in theirs if (new.device == "cpu") is (old.device == "cpu")]
    named = [new for new in alike if new.name == old.name]
    if old.device == "cpu":
        return next(iter(named), None)
    if is_uuid(old.identity) and any(is_uuid(new.identity) for new in alike):
        return next((new for new in alike if new.identity == old.identity), None)
    if _is_known(old) and any(_is_known(new) for new in alike):
        same_slot = (new for new in named if new.identity == old.identity)
        return next(same_slot, None) if is_same_machine else None
    return named[0] if len(named) == 1 else None


def _is_known(run: DeviceRun) -> bool:
    return is_uuid(run.identity) or _BUS_ID.fullmatch(run.identity) is not None


def _uuids(rig: Rig) -> set[str]:
    gpus = value_of(rig.nvml.gpus) or ()
    told = (value_of(gpu.uuid) for gpu in gpus)
    return {uuid for uuid in told if uuid is not None and is_uuid(uuid)}


def _hostname(rig: Rig) -> str | None:
    name = value_of(rig.host.hostname)
    return None if name is None or name.startswith(_REDACTED) else name
