"""What the processor may draw, from Intel's running average power limits (RAPL) in sysfs.

Source: the kernel's Documentation/power/powercap/powercap.rst. The meters beside the limits take
root since 2020; the limits do not.
"""

import re
from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Reason, value_of
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import parsed, read_entries

_ZONES = Path("sys/class/powercap")
_ZONE = re.compile(r"intel-rapl:\d+")
_PACKAGE = re.compile(r"package-\d+(?:-die-\d+)?")
_LONG_TERM = "long_term"
_MICROWATTS_A_WATT = 1_000_000
_NO_LIMIT_W = 1_000
"""Boards for overclockers write 4095 W into it: that limits nothing."""


def read_power_limit(root: Path) -> Fact[float]:
    """The sum of all sockets' long-term limits."""
    zones = read_entries(root / _ZONES)
    if not isinstance(zones, Found):
        return Absent(Reason.NOT_SUPPORTED, zones.source, "the kernel tells no power limits")
    packages = [zone for zone in zones.value if _is_package(zone)]
    limits = [_read_limit(package) for package in packages]
    if not limits:
        return Absent(Reason.NOT_SUPPORTED, zones.source, "the kernel tells no power limits")
    missing = next((limit for limit in limits if not isinstance(limit, Found)), None)
    if missing is not None:
        return missing
    watts = sum(limit.value for limit in limits if isinstance(limit, Found))
    return Found(watts, f"{zones.source}/intel-rapl:*")


def parse_limit(microwatts: str) -> float:
    """`125000000` → 125.0.

    Raises:
        ValueError: if it is no number, or so high that it limits nothing.
    """
    watts = int(microwatts) / _MICROWATTS_A_WATT
    if not 0 < watts < _NO_LIMIT_W:
        raise ValueError(f"{watts:g} W is no limit")
    return watts


def _is_package(zone: Path) -> bool:
    name = value_of(read_text(zone / "name")) or ""
    return bool(_ZONE.fullmatch(zone.name) and _PACKAGE.fullmatch(name))


def _read_limit(package: Path) -> Fact[float]:
    """AMD's packages have meters here and no limits."""
    for number in range(3):
        name = read_text(package / f"constraint_{number}_name")
        if value_of(name) == _LONG_TERM:
            limit = read_text(package / f"constraint_{number}_power_limit_uw")
            return parsed(limit, parse_limit)
    return Absent(Reason.NOT_SUPPORTED, str(package), "the processor tells no power limit")
