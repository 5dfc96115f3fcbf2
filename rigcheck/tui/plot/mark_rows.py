"""Words below a plot, each at the time that it stands for: why a line fell, in words."""

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from rigcheck.terminal import plain
from rigcheck.tui.plot.frame import AXIS, GUTTER, LEAST_PLOT_COLUMNS, MARK, Row, Run
from rigcheck.tui.plot.scale import Axis

_BEGINS, _LASTS = "^", "─"


class Mark(NamedTuple):
    """A word for the time from `start_s` to `end_s`, which are one for an event."""

    start_s: float
    end_s: float
    text: str


@dataclasses.dataclass
class _Placed:
    """In cells: where it is drawn, and where what it stands for begins and ends."""

    text: str
    left: int
    right: int
    begins: int
    ends: int


def mark_rows(marks: Sequence[Mark], times: Axis, n_columns: int, n_most_rows: int) -> list[Row]:
    """As few lines as bear them, `n_most_rows` at most; those that find no room are counted.

    Marks of one word that lie closer than the word is long are drawn as one.
    """
    n_cells = n_columns - GUTTER
    shown = [m for m in marks if m.end_s >= times.start and m.start_s <= times.end]
    if n_cells < LEAST_PLOT_COLUMNS or not shown:
        return []
    lanes: list[list[_Placed]] = [[] for _ in range(n_most_rows)]
    left_out = sum(not _place(_placed(mark, times, n_cells), lanes) for mark in shown)
    used = [lane for lane in lanes if lane]
    labels = ["marks", *[""] * len(used)]
    if left_out and used:
        labels[len(used) - 1] = f"+{left_out} more"
    return [
        [Run(f"{label:>{GUTTER - 1}}│", AXIS), Run(_drawn(lane, n_cells), MARK)]
        for label, lane in zip(labels, used, strict=False)
    ]


def _placed(mark: Mark, times: Axis, n_cells: int) -> _Placed:
    column_s = (times.end - times.start) / n_cells
    begins = min(max(int((mark.start_s - times.start) / column_s), 0), n_cells - 1)
    ends = min(max(int((mark.end_s - times.start) / column_s), begins), n_cells - 1)
    text = plain(mark.text)
    width = cell_len(text) + 1
    # At the right edge the word comes first.
    left = begins if begins + width <= n_cells else max(begins - width + 1, 0)
    return _Placed(text, left, max(left + width - 1, ends), begins, ends)


def _place(mark: _Placed, lanes: Sequence[list[_Placed]]) -> bool:
    """To the marks of its word, else into the first line that is free there."""
    for lane in lanes:
        for other in lane:
            if (
                other.text == mark.text
                and mark.left <= other.right + 1
                and other.left <= mark.right
            ):
                _extend(other, mark, lane)
                return True
    for lane in lanes:
        if all(mark.right + 1 < other.left or other.right + 1 < mark.left for other in lane):
            lane.append(mark)
            return True
    return False


def _extend(mark: _Placed, by: _Placed, lane: list[_Placed]) -> None:
    """One mark for both, as far as nothing else is in the way."""
    free = min((o.left for o in lane if o.left > mark.right), default=by.ends + 2) - 2
    mark.ends = max(mark.ends, min(by.ends, free))
    mark.right = max(mark.right, mark.ends)


def _drawn(lane: Sequence[_Placed], n_cells: int) -> str:
    text, width = "", 0
    for mark in sorted(lane, key=lambda placed: placed.left):
        word = _BEGINS + mark.text if mark.left == mark.begins else mark.text + _BEGINS
        word += _LASTS * (mark.right - mark.left + 1 - cell_len(word))
        text += " " * (mark.left - width) + word
        width = mark.left + cell_len(word)
    return text + " " * (n_cells - width)
