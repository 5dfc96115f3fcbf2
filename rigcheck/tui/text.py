"""Text that is drawn again only when it differs: a line over SSH is not free."""

from textual.content import Content
from textual.widgets import Static


class Text(Static):
    """Content as it is, never parsed as markup."""

    DEFAULT_CSS = "Text { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id, markup=False)

    def show(self, content: Content) -> None:
        """This from now on."""
        if content != self.content:
            self.update(content)
