"""The runs that are kept on disk, read cheaply: of each what a list shows, and no more."""

import contextlib
import dataclasses
import enum
import fcntl
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from rigcheck.bench.result import Block, DeviceRun, Rate
from rigcheck.bench.statistics import measured_rate
from rigcheck.bench.tier import Tier
from rigcheck.errors import RigcheckError
from rigcheck.report.read import read_report
from rigcheck.report.report import Report
from rigcheck.units import rate_text

_RUN_NAME = re.compile(r"(?P<id>(?P<time>\d{8}T\d{6}Z)-\w+)\.(json|part\.jsonl)")
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)\d\dZ")
ALL_TIMES = "99999999"
"""After every run's id."""
_MAX_BYTES = 64 * 1024 * 1024
_MOST_RUNS = 200


class RunState(enum.Enum):
    """How a kept run ended."""

    WHOLE = "whole"
    INTERRUPTED = "interrupted"
    AT_WORK = "at work"
    DAMAGED = "damaged"


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeptDevice:
    """A device of a kept run."""

    label: str
    name: str
    identity: str
    rate: Rate | None
    """As far as it was measured."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeptRun:
    """A run as a list shows it. Its texts may be foreign."""

    path: Path
    run_id: str
    """Begins with the time of its start; later runs sort after earlier ones."""
    state: RunState
    headline: str = ""
    """Of the finding that leads; of a damaged file, what is wrong with it."""
    devices: tuple[KeptDevice, ...] = ()

    @property
    def when(self) -> str:
        """`2026-11-22 18:04 UTC`."""
        return when_text(self.run_id)

    @property
    def measured_text(self) -> str:
        """`CPU 16.4 k images/s, GPU 0 not measured`."""
        told = (f"{d.label} {_rate_text(d.rate)}" for d in self.devices)
        return ", ".join(told) or "nothing was measured"

    @property
    def short_text(self) -> str:
        """`CPU 16.4 k, GPU 0 ?`: images a second; empty where no device was trained on."""
        return ", ".join(
            f"{d.label} {rate_text(d.rate.images_per_s) if d.rate is not None else '?'}"
            for d in self.devices
        )

    @property
    def is_cut_short(self) -> bool:
        """True where a crash, a lost line or a full disk ended it, and only its lines are left."""
        return self.state is RunState.INTERRUPTED and self.path.suffix == ".jsonl"


class _Device(msgspec.Struct):
    label: str
    name: str
    identity: str
    rate: Rate | None


class _Bench(msgspec.Struct):
    devices: tuple[_Device, ...]


class _Finding(msgspec.Struct):
    id: str
    headline: str


class _Head(msgspec.Struct):
    """What a list shows of a report; the rest is skipped, not decoded."""

    interrupted: bool
    findings: tuple[_Finding, ...]
    root_cause: str | None
    bench: _Bench | None


def when_text(run_id: str) -> str:
    """`2026-11-22 18:04 UTC`, of a run's id."""
    return _TIME.sub(r"\1-\2-\3 \4:\5 UTC", run_id.partition("-")[0])


def read_kept_runs(directory: Path) -> Iterator[KeptRun]:
    """The newest runs, newest first."""
    for path in _run_paths(directory)[:_MOST_RUNS]:
        yield read_kept_run(path)


def newest_run(directory: Path, before: str) -> KeptRun | None:
    """The last one that was begun before this time, `20261122T180405Z`; None for none."""
    path = next((path for path in _run_paths(directory) if path.name < before), None)
    return read_kept_run(path) if path is not None else None


def read_newest_report(directory: Path, before: str) -> tuple[str, Report | None]:
    """The last whole run that was begun before this time, and its id; None for none."""
    for path in _run_paths(directory):
        if path.suffix == ".json" and path.name < before:
            with contextlib.suppress(RigcheckError):
                return path.stem, read_report(path)
    return "", None


def read_kept_run(path: Path) -> KeptRun:
    """What a list shows of this file, whatever is in it."""
    run_id = path.name.partition(".")[0]
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES)
            is_at_work = path.suffix == ".jsonl" and _is_locked(file.fileno())
        if path.suffix == ".jsonl":
            state = RunState.AT_WORK if is_at_work else RunState.INTERRUPTED
            return KeptRun(path=path, run_id=run_id, state=state, devices=parse_lines(raw))
        return _parse_head(path, run_id, raw)
    except (OSError, msgspec.DecodeError, RecursionError) as error:
        return KeptRun(path=path, run_id=run_id, state=RunState.DAMAGED, headline=str(error))


def parse_lines(raw: bytes) -> tuple[KeptDevice, ...]:
    """What the lines of an interrupted run tell of its devices; a torn line is left out."""
    known: dict[str, dict[str, Any]] = {}
    blocks: dict[str, list[Block]] = {}
    for line in raw.splitlines():
        with contextlib.suppress(msgspec.DecodeError, RecursionError, KeyError, TypeError):
            _take_line(msgspec.json.decode(line), known, blocks)
    return tuple(_device(told, blocks.get(name, [])) for name, told in known.items())


def _take_line(
    line: dict[str, Any], known: dict[str, dict[str, Any]], blocks: dict[str, list[Block]]
) -> None:
    if line["event"] == "DeviceStarted":
        known[line["device"]] = line
    elif line["event"] == "DeviceFinished":
        known[line["run"]["device"]] = line["run"]
    elif line["event"] == "BlockMeasured" and line["tier"] == Tier.IN_MEMORY.value:
        block = msgspec.convert(line["block"], Block)
        blocks.setdefault(line["device"], []).append(block)


def _device(told: dict[str, Any], blocks: list[Block]) -> KeptDevice:
    with contextlib.suppress(msgspec.ValidationError):
        told = {**told, "rate": msgspec.convert(told, DeviceRun).rate}
    return KeptDevice(
        label=str(told.get("label", "")),
        name=str(told.get("name", "")),
        identity=str(told.get("identity", "")),
        rate=told["rate"] if isinstance(told.get("rate"), Rate) else measured_rate(blocks),
    )


def _parse_head(path: Path, run_id: str, raw: bytes) -> KeptRun:
    head = msgspec.json.decode(raw, type=_Head)
    leading = next((f.headline for f in head.findings if f.id == head.root_cause), "")
    return KeptRun(
        path=path,
        run_id=run_id,
        state=RunState.INTERRUPTED if head.interrupted else RunState.WHOLE,
        headline=leading,
        devices=tuple(
            KeptDevice(label=d.label, name=d.name, identity=d.identity, rate=d.rate)
            for d in (head.bench.devices if head.bench is not None else ())
        ),
    )


def _run_paths(directory: Path) -> list[Path]:
    """Newest first; of a run that is there whole, its lines are left out."""
    try:
        names = sorted((path.name for path in directory.iterdir()), reverse=True)
    except OSError:
        return []
    whole = {name.removesuffix(".json") for name in names if name.endswith(".json")}
    return [
        directory / name
        for name in names
        if (match := _RUN_NAME.fullmatch(name)) is not None
        and (name.endswith(".json") or match["id"] not in whole)
    ]


def _rate_text(rate: Rate | None) -> str:
    return "not measured" if rate is None else f"{rate_text(rate.images_per_s)} images/s"


def _is_locked(fd: int) -> bool:
    """Whether the process that writes it still lives: it holds a lock on it."""
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
