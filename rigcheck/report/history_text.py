"""The list of kept runs, a line each, the newest last."""

from collections.abc import Iterator, Sequence

from rigcheck.report.head import HeadDevice, RunHead
from rigcheck.report.history import History, Skipped, StoredRun, UnfinishedRun
from rigcheck.report.layout import Style, safe
from rigcheck.units import rate_text

_WRONG = ("fail", "warn", "unknown")
_NOTHING_YET = "no run is kept yet: `rigcheck bench` keeps its run, and so does a whole check"
_NOTHING_SO = "no run that answers this is kept"


def history_text(history: History, style: Style, *, is_filtered: bool = False) -> str:
    """The whole list, lines ended. `is_filtered`: some runs may have been left out of it."""
    width = max((len(run.id) for run in history.runs), default=0)
    lines = [safe(_run_line(run, width), style) for run in history.runs]
    lines += [safe(_unfinished_line(run), style) for run in history.unfinished]
    return "".join(f"{line}\n" for line in lines or [_NOTHING_SO if is_filtered else _NOTHING_YET])


def skipped_text(skipped: Sequence[Skipped]) -> Iterator[str]:
    """A line a file that is no run."""
    for one in skipped:
        # Most reasons begin with the name already.
        yield one.why if one.name in one.why else f"{one.name}: {one.why}"


def minute_text(created_at: str) -> str:
    """`2026-11-23T03:56:05Z` → `2026-11-23 03:56`."""
    return created_at[:16].replace("T", " ")


def _run_line(run: StoredRun, width: int) -> str:
    head = run.head
    kind = "bench" if head.has_bench else "check"
    pieces = [
        f"{run.id:<{width}}  {minute_text(head.created_at)}  {kind}  {head.hostname}".rstrip(),
        _verdicts_text(head),
        *(_device_text(device) for device in head.devices if device.rates),
        f"driver {head.driver}" if head.driver else "",
        f"torch {head.torch}" if head.torch else "",
        "interrupted" if head.interrupted else "",
        "thinned" if head.is_thinned else "",
    ]
    return " · ".join(piece for piece in pieces if piece)


def _verdicts_text(head: RunHead) -> str:
    wrong = [f"{head.verdicts[name]} {name}" for name in _WRONG if name in head.verdicts]
    leading = f" ({head.root_cause})" if head.root_cause else ""
    return (", ".join(wrong) or "nothing wrong") + leading


def _device_text(device: HeadDevice) -> str:
    first = device.rates[0]
    return f"{device.label} {rate_text(first.rate.images_per_s)} images/s"


def _unfinished_line(run: UnfinishedRun) -> str:
    state = "is running" if run.is_running else "broke off"
    return f"{run.id}  began {run.started_at}, {state}"
