"""Lines that change often: those that differ alone are rendered and drawn again."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from rigcheck.tui.look import INKS, PLAIN

Row: TypeAlias = tuple[Segment, ...]


class LiveRows(Widget):
    """Rows of texts, as wide as the widget, which has neither border nor padding.

    Textual asks for all lines of each widget at every frame in which any of them has changed, and
    itself looks at styles, ancestors and filters before it takes the lines that it has kept. Here
    they are kept ready to be drawn.
    """

    DEFAULT_CSS = "LiveRows { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._rows: tuple[Row, ...] = ()
        self._strips: list[Strip] = []
        self._strip_width = 0

    def show_rows(self, rows: Sequence[Row]) -> None:
        """These from now on."""
        before, self._rows = self._rows, tuple(rows)
        if len(before) != len(self._rows) or self._strip_width != self.outer_size.width:
            self._render_all()
            self.refresh(layout=self.styles.auto_dimensions and len(before) != len(self._rows))
            return
        pairs = enumerate(zip(before, self._rows, strict=True))
        changed = [y for y, (old, new) in pairs if old != new]
        if changed:
            rendered = self._rendered(self._rows[y] for y in changed)
            for y, strip in zip(changed, rendered, strict=True):
                self._strips[y] = strip
            self.refresh(*(Region(0, y, self._strip_width, 1) for y in changed))

    def fit(self) -> None:
        """The same in another size."""
        self.show_rows(self._rows)

    def on_resize(self) -> None:
        """Textual's message."""
        self.fit()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Textual asks how many lines there are."""
        del container, viewport, width
        return len(self._rows)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Textual asks for the lines of a part of the widget."""
        if self._strip_width != self.outer_size.width:
            self._render_all()
        lines = self._strips[crop.y : crop.bottom]
        lines += [Strip.blank(self._strip_width, INKS[""])] * (crop.height - len(lines))
        if crop.column_span == (0, self._strip_width):
            return lines
        return [line.crop(*crop.column_span) for line in lines]

    def _render_all(self) -> None:
        self._strip_width = self.outer_size.width
        self._strips = list(self._rendered(self._rows))

    def _rendered(self, rows: Iterable[Row]) -> Iterator[Strip]:
        line_filters, (_, background) = self.get_line_filters(), self.background_colors
        for row in rows:
            segments = list(row)
            for line_filter in line_filters:
                segments = line_filter.apply(segments, background)
            yield Strip(segments).adjust_cell_length(self._strip_width, INKS[""])


class LiveText(LiveRows):
    """Text as it is, never parsed as markup, a row each; what is too long is cut off."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._lines: tuple[Content, ...] = ()

    def show(self, lines: Iterable[Content]) -> None:
        """These from now on; most are the very ones of a frame ago."""
        before = zip(self._lines, self._rows, strict=True)
        self._lines = tuple(lines)
        known = itertools.chain(before, itertools.repeat((None, ())))
        pairs = zip(self._lines, known, strict=False)
        self.show_rows([row if line is old else _row(line) for line, (old, row) in pairs])


def _row(line: Content) -> Row:
    told = line.render(PLAIN, end="")
    return tuple(Segment(text, style.rich_style) for text, style in told)
