"""Text laid out by hand where Textual's wrapping is too little: hanging indents, columns."""

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.style import Style

from rigcheck.terminal import plain
from rigcheck.tui.look import PLAIN

_LEAST_TEXT_COLUMNS = 10


def styled(text: str, style: Style = PLAIN, *, multiline: bool = False) -> Content:
    """Foreign or own text in one style: never markup, never a control character."""
    return Content.styled(plain(text, multiline=multiline), style)


def hanging(label: Content, text: Content, n_columns: int, indent: int) -> list[Content]:
    """`text` wrapped to `n_columns` in all, beside `label` in the first `indent` columns."""
    room = n_columns - indent
    if room < _LEAST_TEXT_COLUMNS:
        return Content(" ").join((label, text)).wrap(max(n_columns, 1))
    first, *others = text.wrap(room) or [Content("")]
    head = label.pad_right(max(indent - label.cell_length, 0))
    if label.cell_length >= indent:
        return [label, *(line.pad_left(indent) for line in (first, *others))]
    return [head + first, *(line.pad_left(indent) for line in others)]


def column(text: str, n_columns: int, *, right: bool = False) -> str:
    """Foreign or own text in exactly so many cells; what is too long ends in `…`."""
    text = plain(text)
    if n_columns <= 0:
        return ""
    if cell_len(text) > n_columns:
        return set_cell_size(text, n_columns - 1) + "…"
    return (
        text.rjust(n_columns - cell_len(text) + len(text))
        if right
        else set_cell_size(text, n_columns)
    )


def two_ends(left: Content, right: Content, n_columns: int) -> Content:
    """One line with `left` cut short where both do not fit."""
    room = n_columns - right.cell_length - 1
    if room < 1:
        return left.truncate(n_columns, ellipsis=True)
    return left.truncate(room, ellipsis=True, pad=True) + " " + right
