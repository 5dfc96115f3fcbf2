"""Versions as versions: 12.10 is newer than 12.9, and 570.124.06 newer than 570.86.10."""

import re

_RELEASE = re.compile(r"\d+(?:\.\d+)*")


def release(version: str) -> tuple[int, ...]:
    """The leading dotted numbers: `2.13.0+cpu` → (2, 13, 0), `580.95.05` → (580, 95, 5).

    Raises:
        ValueError: if `version` does not start with a number.
    """
    match = _RELEASE.match(version.strip())
    if match is None:
        raise ValueError(f"not a version: {version!r}")
    return tuple(int(part) for part in match.group().split("."))


def at_least(version: str, floor: str) -> bool:
    """True when `version` is `floor` or newer; missing trailing parts count as 0.

    Raises:
        ValueError: if either does not start with a number.
    """
    ours, theirs = release(version), release(floor)
    width = max(len(ours), len(theirs))
    return ours + (0,) * (width - len(ours)) >= theirs + (0,) * (width - len(theirs))


def minor(version: str) -> str:
    """The first two numbers: `2.13.0+cpu` → `2.13`.

    Raises:
        ValueError: if `version` does not start with a number.
    """
    return ".".join(str(part) for part in (*release(version), 0)[:2])
