"""Runs on disk, as earlier ones have left them."""

from pathlib import Path

import msgspec

from rigcheck.bench.result import BenchRun, DeviceRun
from rigcheck.report.head import encode_stored
from rigcheck.report.report import make_report
from rigcheck.report.store import RunFile
from tests.tui.streams import FINDINGS, RIG, device, device_run, rate, training_events


def keep(
    directory: Path, stem: str, images_per_s: float | None = None, *, interrupted: bool = False
) -> Path:
    """A whole run: a check, or a benchmark of this rate."""
    runs = (_trained(images_per_s),) if images_per_s else ()
    bench = BenchRun(started_at="", devices=runs, speed_ups=(), samples=()) if runs else None
    report = make_report(
        rig=RIG,
        probes=(),
        findings=FINDINGS,
        check_duration_s=1.0,
        bench=bench,
        interrupted=interrupted,
    )
    path = directory / f"{stem}.json"
    path.write_bytes(encode_stored(report))
    return path


def keep_lines(directory: Path, stem: str, n_events: int | None = -2) -> Path:
    """What is left of a run whose process has died."""
    run_file = RunFile(directory / "at work")
    run_file.begin(make_report(rig=RIG, probes=(), findings=FINDINGS, check_duration_s=1.0))
    for event in list(training_events(device(), 0.0, 16_400.0))[:n_events]:
        run_file.append(event)
    (lines,) = (directory / "at work").glob("*.jsonl")
    path = directory / f"{stem}.part.jsonl"
    path.write_bytes(lines.read_bytes())
    lines.unlink()
    lines.parent.rmdir()
    return path


def _trained(images_per_s: float) -> DeviceRun:
    """For long enough to be compared."""
    of = msgspec.structs.replace(rate(images_per_s), blocks=40)
    return msgspec.structs.replace(device_run(device()), rate=of)
