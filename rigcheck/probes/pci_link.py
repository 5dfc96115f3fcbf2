"""A card's PCIe link in sysfs: known without any driver, the slot's side included."""

from pathlib import Path

from rigcheck.facts import Absent, Fact, Reason
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import parsed

_GENERATIONS = {"2.5": 1, "5": 2, "5.0": 2, "8": 3, "8.0": 3, "16.0": 4, "32.0": 5, "64.0": 6}
"""By the gigatransfers per second of a lane, as kernels spell them."""
_LANE_LIMIT = 32
"""PCIe's own limit; a link that is down says 0 or 63."""


def read_generation(device: Path, which: str) -> Fact[int]:
    """`which` is `current` or `max`."""
    return parsed(read_text(device / f"{which}_link_speed"), parse_generation)


def read_width(device: Path, which: str) -> Fact[int]:
    """In lanes; `which` is `current` or `max`."""
    return parsed(read_text(device / f"{which}_link_width"), parse_width)


def port_of(device: Path) -> Path:
    """The bridge or root port that the card hangs on: the folder its own lies in."""
    return device.resolve().parent


def without_port(fact: Fact[int]) -> Fact[int]:
    """A virtual machine shows the card and not its slot."""
    if isinstance(fact, Absent) and fact.reason is Reason.NOT_THERE:
        return Absent(Reason.NOT_THERE, fact.source, "the slot cannot be seen from here")
    return fact


def parse_generation(text: str) -> int:
    """`16.0 GT/s PCIe` → 4.

    Raises:
        ValueError: if it is no speed of PCIe; a link that is down says `Unknown`.
    """
    speed = text.partition(" ")[0]
    if speed not in _GENERATIONS:
        raise ValueError(f"not a speed of PCIe: {text!r}")
    return _GENERATIONS[speed]


def parse_width(text: str) -> int:
    """`16` → 16.

    Raises:
        ValueError: if it is no number of lanes.
    """
    lanes = int(text)
    if not 0 < lanes <= _LANE_LIMIT:
        raise ValueError(f"not a number of lanes: {text!r}")
    return lanes
