"""Axes: where they end, where their ticks are, what is written there."""

import dataclasses
import functools
import math
from collections.abc import Iterable

_TIME_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600, 1_200, 1_800, 3_600, 7_200)
_SECONDS_A_MINUTE = 60
_FROM_HERE_IN_MINUTES_S = 600
_END_STEPS = 5
_SI_PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
_N_KEPT = 64
"""Axes that are kept: most are what they were a frame ago."""


@dataclasses.dataclass(frozen=True)
class Axis:
    """From `start` to `end`, with ticks at `ticks`, which `labels` name."""

    end: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    start: float = 0.0

    def position(self, value: float, n_dots: int) -> int:
        """The dot, 0 to `n_dots` - 1, that stands for `value`; beyond the axis, its nearest end."""
        return self.positions((value,), n_dots)[0] or 0

    def positions(self, values: Iterable[float | None], n_dots: int) -> list[int | None]:
        """The same of many; None for None."""
        start, length, last = self.start, self.end - self.start, n_dots - 1
        shares = (None if value is None else (value - start) / length for value in values)
        return [
            None if s is None else 0 if s <= 0 else last if s >= 1 else round(s * last)
            for s in shares
        ]


@functools.lru_cache(_N_KEPT)
def value_axis(highest: float, unit: str, n_rows: int) -> Axis:
    """From 0 to just above `highest`, with as many round ticks as `n_rows` lines bear."""
    highest = highest if highest > 0 else 1.0
    step = _nice_step(highest / _n_intervals(n_rows))
    # In fifths of a tick, so that the axis stays as it is while the highest value creeps up.
    end = max(math.ceil(highest / step * _END_STEPS - 1e-9) / _END_STEPS, 1.0) * step
    return _with_ticks(end, step, unit)


@functools.lru_cache(_N_KEPT)
def percent_axis(n_rows: int) -> Axis:
    """0 to 100 %, whatever the data."""
    fitting = [n for n in (5, 4, 2, 1) if n <= _n_intervals(n_rows)]
    # Lines the same number of rows apart, where these can be.
    even = [n for n in fitting if n > 1 and (n_rows - 1) % n == 0]
    few = [n for n in fitting if n <= 2]  # noqa: PLR2004 -- halves look even enough
    return _with_ticks(100.0, 100.0 / (even or few)[0], "%")


@functools.lru_cache(_N_KEPT)
def time_axis(
    shown_s: float, n_columns: int, label_columns: int = 10, *, from_s: float = 0.0
) -> Axis:
    """From `from_s` to `shown_s`, a label every `label_columns` at most."""
    shown_s = max(shown_s, from_s + 1.0)
    rough_s = (shown_s - from_s) * label_columns / max(n_columns, label_columns)
    step_s = next((s for s in _TIME_STEPS_S if s >= rough_s), math.ceil(rough_s))
    in_minutes = shown_s > _FROM_HERE_IN_MINUTES_S and step_s % _SECONDS_A_MINUTE == 0
    ticks_s = range(math.ceil(from_s / step_s) * step_s, math.floor(shown_s) + 1, step_s)
    labels = (f"{t // _SECONDS_A_MINUTE} min" if in_minutes else f"{t} s" for t in ticks_s)
    return Axis(shown_s, tuple(map(float, ticks_s)), tuple(labels), start=from_s)


def value_text(value: float, unit: str, step: float = 0.0) -> str:
    """`16400, ""` → `16.4 k`; `97.3, "%"` → `97 %`. `step` sets how fine, where values are few."""
    for size, prefix in _SI_PREFIXES:
        if max(abs(value), step) >= size and value:
            return f"{value / size:.3g} {prefix}{unit}"
    decimals = max(0, -math.floor(math.log10(step))) if 0 < step < 1 else 0
    return f"{value:.{decimals}f} {unit}".rstrip()


def _with_ticks(end: float, step: float, unit: str) -> Axis:
    ticks = tuple(i * step for i in range(math.floor(end / step + 1e-9) + 1))
    return Axis(end, ticks, tuple(value_text(t, unit, step) for t in ticks))


def _n_intervals(n_rows: int) -> float:
    """Ticks two lines apart or more, and never more than six of them."""
    return min(max((n_rows - 1) / 2, 1.0), 5.0)


def _nice_step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, `rough` at least."""
    size = 10.0 ** math.floor(math.log10(rough))
    return next(m * size for m in (1, 2, 5, 10) if m * size >= rough * (1 - 1e-9))
