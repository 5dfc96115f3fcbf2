"""What the processor's packages consume, from the kernel's RAPL counters.

linux/Documentation/power/powercap/powercap.rst. Since kernel 5.10 only root may read them, for what
a program consumes tells of its secrets (CVE-2020-8694).
"""

import dataclasses
from pathlib import Path
from typing import final

from rigcheck.facts import Absent, Fact, Found, Reason, value_of
from rigcheck.monitor.kernel_file import KernelFile
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import read_entries, read_number

_ZONES = Path("sys/class/powercap")
_MICRO = 1e-6


@dataclasses.dataclass(frozen=True, kw_only=True)
class Package:
    """The counter of one processor."""

    path: Path
    range_uj: int
    """After which it begins at 0 again, in millionths of a joule."""


def read_packages(root: Path = Path("/")) -> Fact[tuple[Package, ...]]:
    """Each processor's counter, AMD's too; why there is none, or why it may not be read."""
    zones = read_entries(root / _ZONES)
    if not isinstance(zones, Found):
        return zones
    # intel-rapl:0 is a package, intel-rapl:0:0 a part of it; psys is the whole board.
    packages = [
        zone
        for zone in zones.value
        if zone.name.count(":") == 1
        and (value_of(read_text(zone / "name")) or "").startswith("package")
    ]
    if not packages:
        return Absent(Reason.NOT_THERE, zones.source, "no package has a counter")
    found: list[Package] = []
    for zone in packages:
        now, limit = read_number(zone / "energy_uj"), read_number(zone / "max_energy_range_uj")
        if not isinstance(now, Found):
            return now
        if not isinstance(limit, Found):
            return limit
        found.append(Package(path=zone / "energy_uj", range_uj=limit.value))
    return Found(tuple(found), str(packages[0] / "energy_uj"))


@final
class CpuEnergy:
    """Adds up what all packages consume from now on."""

    def __init__(self, root: Path = Path("/")) -> None:
        """Begins at 0. Without a counter there is nothing to tell."""
        packages = value_of(read_packages(root)) or ()
        self._counters = [(KernelFile(p.path), p.range_uj) for p in packages]
        self._before = self._read()
        self._consumed_uj = 0

    def consumed_j(self) -> float | None:
        """Since the beginning; None where nobody tells, or one of them no longer does."""
        before, self._before = self._before, self._read()
        if before is None or self._before is None:
            return None
        for was, now, (_, range_uj) in zip(before, self._before, self._counters, strict=True):
            self._consumed_uj += growth_uj(was, now, range_uj)
        return self._consumed_uj * _MICRO

    def _read(self) -> tuple[int, ...] | None:
        texts = [file.read(until=b"\n").strip() for file, _ in self._counters]
        return tuple(map(int, texts)) if texts and all(text.isdigit() for text in texts) else None


def growth_uj(before: int, now: int, range_uj: int) -> int:
    """What was consumed between two readings; one that fell has gone once round."""
    return now - before if now >= before else now - before + range_uj
