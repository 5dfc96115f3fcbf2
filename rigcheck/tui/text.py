"""Text that is drawn again only when it differs: a line over SSH is not free."""

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from rigcheck.tui.kept_lines import KeptLines


class Text(KeptLines, Static):
    """Content as it is, never parsed as markup."""

    DEFAULT_CSS = "Text { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id, markup=False)
        self._shape = (0, 0)

    def show(self, content: Content) -> None:
        """This from now on."""
        before, self._shape = self._shape, _shape(content)
        if content != self.content:
            # A layout of the whole screen is dear, and needed only where there is another size.
            fits = self._shape == before and before[1] <= self.size.width
            self.update(content, layout=not fits)


def _shape(content: Content) -> tuple[int, int]:
    """Lines, and cells of the widest."""
    lines = content.plain.split("\n")
    return len(lines), max(map(cell_len, lines))
