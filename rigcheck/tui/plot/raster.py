"""Dots to characters: what each kind of glyph can show in one cell."""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

from rigcheck.terminal import Glyphs

# Bit of each braille dot by its line (from the top) and column within the cell: Unicode 15, 22.7.
_BRAILLE_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_HALF_BITS = ((0x01,), (0x02,))


@dataclasses.dataclass(frozen=True)
class GlyphSet:
    """How many dots a cell has, and the character for each set of them."""

    dots_across: int
    dots_down: int
    bits: tuple[tuple[int, ...], ...]
    characters: str
    """One for each sum of bits; the first is blank."""
    grid: str
    """Marks a tick's line where nothing is drawn."""
    shades: str
    """From none to full; none is not blank, which is a gap."""


GLYPH_SETS = {
    Glyphs.BRAILLE: GlyphSet(
        2, 4, _BRAILLE_BITS, " " + "".join(chr(0x2800 + b) for b in range(1, 256)), "·", "·░▒▓█"
    ),
    Glyphs.BLOCKS: GlyphSet(1, 2, _HALF_BITS, " ▀▄█", "·", "·░▒▓█"),
    Glyphs.ASCII: GlyphSet(1, 2, _HALF_BITS, " '.:", " ", ".-+*#"),
}


class Canvas:
    """Cells in which lines set dots; a cell has the ink of the line drawn there last."""

    def __init__(self, n_columns: int, n_rows: int, glyphs: GlyphSet) -> None:
        self.glyphs = glyphs
        self.n_columns, self.n_rows = n_columns, n_rows
        self._bits = [[0] * n_columns for _ in range(n_rows)]
        self._inks = [[""] * n_columns for _ in range(n_rows)]
        self._texts: dict[int, dict[int, str]] = {}
        """By row, then by column."""
        rows = range(n_rows - 1, -1, -1)
        self._dots = [(row, bits) for row in rows for bits in reversed(glyphs.bits)]
        """The row of each dot from the bottom, and its bit by its column within the cell."""

    @property
    def dots_across(self) -> int:
        return self.n_columns * self.glyphs.dots_across

    @property
    def dots_down(self) -> int:
        return self.n_rows * self.glyphs.dots_down

    def draw(self, heights: Sequence[int | None], ink: str, pattern: str = "#") -> None:
        """A line: `heights[x]` is the dot above the bottom at column of dots `x`, None a gap.

        Neighbouring columns are joined upright. `pattern` says which columns are drawn, `#`, or
        left out, over and over: the second thing beside colour that tells lines apart.
        """
        before: int | None = None
        is_drawn = itertools.cycle(dot == "#" for dot in pattern)
        places = itertools.product(range(self.n_columns), range(self.glyphs.dots_across))
        for height, (column, across), drawn in zip(heights, places, is_drawn, strict=False):
            if height is not None and drawn:
                low, high = _reach(height, before)
                for row, bits in self._dots[low : high + 1]:
                    self._bits[row][column] |= bits[across]
                    self._inks[row][column] = ink
            before = height

    def mark(self, x: int, height: int, text: str, ink: str) -> None:
        """One character in place of the cell in which the dot lies; outside, nothing."""
        column = x // self.glyphs.dots_across
        row = self.n_rows - 1 - height // self.glyphs.dots_down
        if 0 <= column < self.n_columns and 0 <= row < self.n_rows:
            self._texts.setdefault(row, {})[column] = text
            self._inks[row][column] = ink

    def row(self, row: int) -> Iterator[tuple[str, str]]:
        """Neighbouring cells of one ink, from the left: their characters and it; blank: no ink."""
        if not any(self._inks[row]):
            yield self.glyphs.characters[0] * self.n_columns, ""
            return
        shown = [self.glyphs.characters[bits] for bits in self._bits[row]]
        for column, text in self._texts.get(row, {}).items():
            shown[column] = text
        start = 0
        for ink, cells in itertools.groupby(self._inks[row]):
            end = start + len(list(cells))
            yield "".join(shown[start:end]), ink
            start = end


def _reach(height: int, before: int | None) -> tuple[int, int]:
    """Lowest and highest dot to set, so that the line joins the column before."""
    if before is None or abs(height - before) <= 1:
        return height, height
    return (before + 1, height) if before < height else (height, before - 1)
