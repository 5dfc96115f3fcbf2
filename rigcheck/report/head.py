"""The head of a kept run: what a list shows of it, in the file's first line.

A kept run is its report with one more field in front, on a line of its own, so that thousands are
listed without any being read whole: a report is mostly facts and samples.
"""

from pathlib import Path

import msgspec

from rigcheck.bench.result import BenchRun, Data, DeviceRun, Rate
from rigcheck.bench.tier import Tier
from rigcheck.errors import RigcheckError
from rigcheck.facts import Fact, Rig, value_of
from rigcheck.findings import Verdict, count_verdicts, root_cause
from rigcheck.report.read import read_report
from rigcheck.report.report import SCHEMA_VERSION, Report

_OPENING, _CLOSING = b'{"head":', b",\n"
_MAX_HEAD_BYTES = 1024 * 1024
"""Of a machine with a thousand devices it is a third."""


class FormRate(msgspec.Struct, frozen=True, kw_only=True):
    """How fast a device trained in one form."""

    tier: Tier
    rate: Rate


class HeadDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device of the machine; what concerns training is there where it was measured."""

    label: str
    name: str
    identity: str
    data: Data | None = None
    batch_size: int | None = None
    threads: int | None = None
    rates: tuple[FormRate, ...] = ()


class RunHead(msgspec.Struct, frozen=True, kw_only=True):
    """What a list shows of a run. A text is empty where the machine did not tell it."""

    schema_version: int
    rigcheck_version: str
    created_at: str
    """ISO 8601, UTC."""
    interrupted: bool
    has_bench: bool
    hostname: str
    system: str
    kernel: str
    driver: str
    torch: str
    devices: tuple[HeadDevice, ...]
    verdicts: dict[str, int]
    """How many findings there are of each verdict."""
    root_cause: str
    """Id of the finding that leads; empty when nothing is wrong."""
    headline: str
    """Its words."""
    is_thinned: bool = False
    """True where samples and blocks were left out to save room."""
    body_bytes: int = 0
    """How long the file goes on after the head: a shorter one was cut off."""


class _Line(msgspec.Struct):
    head: RunHead


class _Version(msgspec.Struct):
    schema_version: int


class _VersionLine(msgspec.Struct):
    head: _Version


def encode_stored(report: Report, *, is_thinned: bool = False) -> bytes:
    """The report as a kept run's file holds it: valid JSON of the same schema."""
    body = msgspec.json.encode(report)[1:]
    head = msgspec.structs.replace(head_of(report), is_thinned=is_thinned, body_bytes=len(body))
    return _OPENING + msgspec.json.encode(head) + _CLOSING + body


def read_head(path: Path) -> RunHead:
    """The head of a kept run, or of a report that somebody put beside the kept ones.

    Raises:
        RigcheckError: if it is no report, a damaged one, or one of a later rigcheck.
    """
    try:
        with path.open("rb") as file:
            line = file.readline(_MAX_HEAD_BYTES)
            rest_bytes = file.seek(0, 2) - len(line)
    except OSError as error:
        raise RigcheckError(f"{path.name}: {error.strerror or error}") from error
    if not line.startswith(_OPENING):
        return head_of(read_report(path))
    head = _parse_head(line, path.name)
    if rest_bytes != head.body_bytes:
        raise RigcheckError(
            f"{path.name} is damaged: {rest_bytes} bytes in place of {head.body_bytes}"
        )
    return head


def _parse_head(line: bytes, name: str) -> RunHead:
    whole = line.removesuffix(_CLOSING) + b"}"
    try:
        version = msgspec.json.decode(whole, type=_VersionLine).head.schema_version
        if version > SCHEMA_VERSION:
            raise RigcheckError(f"{name} was written by a later rigcheck (schema {version})")
        return msgspec.json.decode(whole, type=_Line).head
    except (msgspec.DecodeError, RecursionError) as error:
        raise RigcheckError(f"{name} is damaged: {error}") from error


def head_of(report: Report) -> RunHead:
    """What a list shows of this report."""
    rig = report.rig
    leading = root_cause(report.findings)
    return RunHead(
        schema_version=report.schema_version,
        rigcheck_version=report.rigcheck_version,
        created_at=report.created_at,
        interrupted=report.interrupted,
        has_bench=report.bench is not None,
        hostname=_text(rig.host.hostname),
        system=_text(rig.host.distribution) or _text(rig.host.system),
        kernel=_text(rig.host.kernel_release),
        driver=_text(rig.nvml.driver_version) or _text(rig.driver.module_version),
        torch=rig.torch.known_version or "",
        devices=_measured(report.bench) if report.bench else _known(rig),
        verdicts=_counts(report),
        root_cause=leading.id if leading else "",
        headline=leading.headline if leading else "",
    )


def _measured(bench: BenchRun) -> tuple[HeadDevice, ...]:
    return tuple(
        HeadDevice(
            label=run.label,
            name=run.name,
            identity=run.identity,
            data=run.data,
            batch_size=run.batch_size,
            threads=run.threads,
            rates=form_rates(run),
        )
        for run in bench.devices
    )


def form_rates(run: DeviceRun) -> tuple[FormRate, ...]:
    """The rate in each form that was measured, in memory first."""
    told = [(Tier.IN_MEMORY, run.rate), *((other.tier, other.rate) for other in run.tiers)]
    return tuple(FormRate(tier=tier, rate=rate) for tier, rate in told if rate is not None)


def _known(rig: Rig) -> tuple[HeadDevice, ...]:
    cpu = HeadDevice(label="CPU", name=_text(rig.cpu.model), identity="")
    gpus = (
        HeadDevice(
            label=f"GPU {gpu.index}",
            name=_text(gpu.name),
            identity=value_of(gpu.uuid) or value_of(gpu.pci_bus_id) or "",
        )
        for gpu in value_of(rig.nvml.gpus) or ()
    )
    return (cpu, *gpus)


def _counts(report: Report) -> dict[str, int]:
    counts: dict[Verdict, int] = count_verdicts(report.findings)
    return {verdict.value: n for verdict, n in counts.items()}


def _text(fact: Fact[str]) -> str:
    return value_of(fact) or ""
