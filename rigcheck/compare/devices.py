"""Which device of one run is which of another: by identity, never by number."""

import re
from collections.abc import Iterator, Sequence

from rigcheck.bench.result import DeviceRun
from rigcheck.facts import Rig, value_of
from rigcheck.report.report import Report

_UUID = re.compile(r"(GPU|MIG)-[0-9a-f-]{8,}", re.IGNORECASE)
_BUS_ID = re.compile(r"[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]", re.IGNORECASE)


def is_same_machine(before: Rig, after: Rig) -> bool:
    """True where a GPU is in both, else where host and processor have the same names."""
    if _uuids(before) & _uuids(after):
        return True
    hosts = value_of(before.host.hostname), value_of(after.host.hostname)
    processors = value_of(before.cpu.model), value_of(after.cpu.model)
    return hosts[0] is not None and hosts[0] == hosts[1] and processors[0] == processors[1]


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
    old: DeviceRun, theirs: Sequence[DeviceRun], *, is_same_machine: bool
) -> DeviceRun | None:
    alike = [new for new in theirs if (new.device == "cpu") is (old.device == "cpu")]
    named = [new for new in alike if new.name == old.name]
    if old.device == "cpu":
        return next(iter(named), None)
    if _UUID.fullmatch(old.identity) and any(_UUID.fullmatch(new.identity) for new in alike):
        return next((new for new in alike if new.identity == old.identity), None)
    if _is_known(old) and any(_is_known(new) for new in alike):
        same_slot = (new for new in named if new.identity == old.identity)
        return next(same_slot, None) if is_same_machine else None
    return named[0] if len(named) == 1 else None


def _is_known(run: DeviceRun) -> bool:
    return bool(_UUID.fullmatch(run.identity) or _BUS_ID.fullmatch(run.identity))


def _uuids(rig: Rig) -> set[str]:
    gpus = value_of(rig.nvml.gpus) or ()
    told = (value_of(gpu.uuid) for gpu in gpus)
    return {uuid for uuid in told if uuid and _UUID.fullmatch(uuid)}
