"""Widgets that are rendered once, and again when something of them has changed.

To draw a frame Textual asks each widget between the uppermost and the lowest change for all of its
lines. It keeps them, too, but looks at the widget's styles, ancestors and filters before it does.
"""

from typing import TYPE_CHECKING

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from typing_extensions import Self

    _Base = Widget
else:
    # Textual takes default styles and keys from the first base that is a widget, and no other.
    _Base = object


class KeptLines(_Base):
    """To be named before the widget whose lines are kept. All changes come through `refresh`."""

    _kept: tuple[Region, Size, list[Strip]] | None = None

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> "Self":
        """Textual's: something has changed."""
        self._kept = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Textual asks for the lines of a part of the widget."""
        if self._kept is None or self._kept[:2] != (crop, self.outer_size):
            self._kept = crop, self.outer_size, super().render_lines(crop)
        return self._kept[2]
