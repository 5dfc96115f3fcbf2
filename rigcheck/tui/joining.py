"""Which devices could join the benchmark at work, and what is said of it; knows no Textual."""

from collections.abc import Sequence

from rigcheck.bench.plan import BenchDevice
from rigcheck.bench.result import Outcome
from rigcheck.facts import Rig
from rigcheck.tui.bench_choices import devices_there
from rigcheck.tui.bench_model import BenchModel


def missing_devices(
    model: BenchModel, rig: Rig, waiting: Sequence[BenchDevice]
) -> tuple[BenchDevice, ...]:
    """Those of the rig that neither take part nor wait to; one that failed has had its part."""
    there = devices_there(model.plan, rig)
    return tuple(d for d in there if d.device not in model.devices and d not in waiting)


def nobody_is_missing(model: BenchModel, waiting: Sequence[BenchDevice]) -> str:
    """Why there is no device to add."""
    if waiting:
        return joins_soon(model, waiting[-1])
    runs = (progress.run for progress in model.devices.values())
    failed = [run.label for run in runs if run is not None and run.outcome is Outcome.FAILED]
    if failed:
        return f"{failed[0]} has failed and cannot join again: x stops, then s starts again"
    return "every device that torch offers takes part already"


def joins_soon(model: BenchModel, device: BenchDevice) -> str:
    """What a device that was asked to join waits for."""
    when = "once the run goes on" if model.is_paused else "after this round of turns"
    return f"{device.label} joins {when}"
