"""What was measured over time: values, each good for a stretch of it; bounded in number."""

import bisect
import math
import operator
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_TOUCHING_S = 0.01
_FULL_SHARE = 0.75
_END_S = operator.attrgetter("end_s")


class Span(NamedTuple):
    """`value` from `start_s` to `end_s`. Where no span lies, nothing was measured."""

    start_s: float
    end_s: float
    value: float


class Spans:
    """The spans of one line, in order of time, at most `limit` of them.

    When they get more, each two neighbours that touch become one: resolution is lost, gaps and
    means are not. Where gaps are what there is too many of, the shortest go.
    """

    def __init__(self, limit: int = 2_000) -> None:
        self._spans: list[Span] = []
        self._limit = limit
        self._columns = _Columns(0.0, 0.0, 0)
        """Those that were asked for last; with the same axis, the new spans alone are added."""
        self._n_in_columns = 0

    def __iter__(self) -> Iterator[Span]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)

    def add(self, span: Span) -> None:
        """Takes the next span; one without length or with a value that is no number is a gap."""
        if span.end_s <= span.start_s or not math.isfinite(span.value):
            return
        self._spans.append(span)
        if len(self._spans) > self._limit:
            self._spans = _fewer(self._spans, self._limit)
            self._columns = _Columns(0.0, 0.0, 0)

    @property
    def last(self) -> float | None:
        """The newest value."""
        return self._spans[-1].value if self._spans else None

    @property
    def last_end_s(self) -> float | None:
        """Until when the newest value was good."""
        return self._spans[-1].end_s if self._spans else None

    def column_means(
        self, end_s: float, n_columns: int, *, from_s: float = 0.0
    ) -> list[float | None]:
        """The mean over each of `n_columns` equal stretches of the time; None: a gap."""
        if self._columns.axis != (from_s, end_s, n_columns):
            self._columns = _Columns(from_s, end_s, n_columns)
            # What ended before the axis begins is passed over.
            self._n_in_columns = bisect.bisect(self._spans, from_s, key=_END_S)
        self._columns.add(self._spans[self._n_in_columns :])
        self._n_in_columns = len(self._spans)
        return self._columns.means


class _Columns:
    """Sums over equal stretches of the time. The order of adding is that of the spans, always."""

    def __init__(self, from_s: float, end_s: float, n_columns: int) -> None:
        self.axis = from_s, end_s, n_columns
        self._sums, self._weights_s = [0.0] * n_columns, [0.0] * n_columns

    @property
    def means(self) -> list[float | None]:
        pairs = zip(self._sums, self._weights_s, strict=True)
        return [s / w if w > 0 else None for s, w in pairs]

    def add(self, spans: Iterable[Span]) -> None:
        from_s, end_s, n_columns = self.axis
        if not n_columns:
            return
        column_s = (end_s - from_s) / n_columns
        sums, weights_s = self._sums, self._weights_s
        for starts_s, stops_s, value in spans:
            start_s, stop_s = max(starts_s - from_s, 0.0), stops_s - from_s
            first, last = int(start_s / column_s), int(stop_s / column_s)
            if stop_s <= 0 or first >= n_columns:
                continue
            if first == last:  # most are shorter than a column
                sums[first] += value * (stop_s - start_s)
                weights_s[first] += stop_s - start_s
                continue
            for i in range(first, min(last, n_columns - 1) + 1):
                weight_s = min(stop_s, (i + 1) * column_s) - max(start_s, i * column_s)
                if weight_s > 0:
                    sums[i] += value * weight_s
                    weights_s[i] += weight_s


def joined(means: list[float | None], n_most: int) -> list[float | None]:
    """With gaps of `n_most` columns at most bridged, straight from one side to the other."""
    if not n_most:
        return means
    bridged = list(means)
    before: int | None = None
    for i, mean in enumerate(means):
        if mean is None:
            continue
        left = None if before is None else means[before]
        if before is not None and left is not None and i - before - 1 <= n_most:
            for j in range(before + 1, i):
                bridged[j] = left + (mean - left) * (j - before) / (i - before)
        before = i
    return bridged


def _fewer(spans: list[Span], limit: int) -> list[Span]:
    """Merged until there is room again for a quarter of them: else each new one cost a merge."""
    touching_s = _TOUCHING_S
    while len(spans) > limit * _FULL_SHARE:
        spans = list(_merged_pairs(spans, touching_s))
        touching_s *= 2
    return spans


def _merged_pairs(spans: list[Span], touching_s: float) -> Iterator[Span]:
    held: Span | None = None
    for span in spans:
        if held is None:
            held = span
        elif span.start_s - held.end_s > touching_s:
            yield held
            held = span
        else:
            yield _merged(held, span)
            held = None
    if held is not None:
        yield held


def _merged(first: Span, second: Span) -> Span:
    a_s, b_s = first.end_s - first.start_s, second.end_s - second.start_s
    mean = (first.value * a_s + second.value * b_s) / (a_s + b_s)
    return Span(first.start_s, second.end_s, mean)
