"""How busy each CPU was since the reading before, from /proc/stat.

As psutil's `cpu_percent(percpu=True)`, with less than half of its work: this is read several times
a second, on machines with hundreds of CPUs.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias, final

from rigcheck.monitor.kernel_file import KernelFile

Ticks: TypeAlias = tuple[int, int]
"""Of one CPU since it started: all of its clock ticks, and those it was at rest."""

_AFTER_CPUS = b"\nintr "
_REST = slice(3, 5)
"""idle and iowait, see proc_stat(5)."""
_SUMMED = 8
"""Without guest and guest_nice, which are in user and nice already."""


@final
class CpuTime:
    """Reads /proc/stat."""

    def __init__(self, path: Path) -> None:
        """Begins the first interval. Without the file there is nothing to tell."""
        self._file = KernelFile(path)
        self._before = self._read()

    def busy_percent(self) -> tuple[float, ...]:
        """Each CPU's busy share since the last call; empty where nobody tells."""
        before, self._before = self._before, self._read()
        return busy_shares(before, self._before)

    def _read(self) -> tuple[Ticks, ...]:
        # The lines of the CPUs come first; a long one of interrupts follows them.
        return parse_stat(self._file.read(until=_AFTER_CPUS))


def parse_stat(text: bytes) -> tuple[Ticks, ...]:
    """The ticks of each `cpuN` line; the first line, the sum of all, is left out."""
    return tuple(
        _ticks(line)
        for line in text.partition(_AFTER_CPUS)[0].split(b"\n")
        if line.startswith(b"cpu") and not line.startswith(b"cpu ")
    )


def busy_shares(before: Sequence[Ticks], now: Sequence[Ticks]) -> tuple[float, ...]:
    """0 to 100 for each CPU; 0 where no tick has passed. A CPU may have come or gone."""
    return tuple(_share(*pair) for pair in zip(before, now, strict=False))


def _ticks(line: bytes) -> Ticks:
    counts = list(map(int, line.split()[1 : _SUMMED + 1]))
    return sum(counts), sum(counts[_REST])


def _share(before: Ticks, now: Ticks) -> float:
    passed, rested = now[0] - before[0], now[1] - before[1]
    # iowait may fall back a little.
    return min(100.0, max(0.0, 100.0 * (passed - rested) / passed)) if passed > 0 else 0.0
