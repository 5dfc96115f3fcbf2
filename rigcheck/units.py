"""Numbers as people read them. Sizes of memory and disks are binary (GiB), rates decimal."""

_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_SECONDS_A_MINUTE, _SECONDS_AN_HOUR, _SECONDS_A_DAY = 60, 3_600, 86_400


def bytes_text(n_bytes: int) -> str:
    """`4294967296` → `4.0 GiB`; whole bytes below 1 KiB."""
    size = float(n_bytes)
    for unit in _BINARY[:-1]:
        if abs(size) < 1024:  # noqa: PLR2004 -- the definition of KiB
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} {_BINARY[-1]}"


def duration_text(duration_s: float) -> str:
    """`0.42` → `0.42 s`, `75` → `1 min 15 s`, `90061` → `1 d 1 h`."""
    if duration_s < _SECONDS_A_MINUTE:
        return f"{duration_s:.2f} s" if duration_s < 10 else f"{duration_s:.0f} s"  # noqa: PLR2004
    seconds = round(duration_s)
    if seconds < _SECONDS_AN_HOUR:
        return f"{seconds // 60} min {seconds % 60} s"
    if seconds < _SECONDS_A_DAY:
        return f"{seconds // 3600} h {seconds % 3600 // 60} min"
    return f"{seconds // 86400} d {seconds % 86400 // 3600} h"


def counted(n: int, noun: str) -> str:
    """`1 thread`, `2 threads`: of a noun whose plural takes an s."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def rate_text(per_s: float) -> str:
    """A rate with three figures: `16432` → `16.4 k`, `1234567` → `1.23 M`, `87.3` → `87.3`."""
    for threshold, suffix in ((1e6, " M"), (1e3, " k")):
        if per_s >= threshold:
            return f"{_three_figures(per_s / threshold)}{suffix}"
    return _three_figures(per_s)


def _three_figures(x: float) -> str:
    return f"{x:.0f}" if x >= 100 else f"{x:.1f}" if x >= 10 else f"{x:.2f}"  # noqa: PLR2004
