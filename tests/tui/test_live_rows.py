from collections.abc import Sequence

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter

from rigcheck.tui.live_rows import LiveText


class Rendered(LineFilter):
    """Notes the lines that were rendered."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        del background
        self.lines.append("".join(segment.text for segment in segments))
        return segments


class Lines(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.text, self.rendered = LiveText(), Rendered()

    def compose(self) -> ComposeResult:
        yield self.text

    def get_line_filters(self) -> Sequence[LineFilter]:
        return (self.rendered,)

    @property
    def shown(self) -> list[str]:
        strips = self.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips]


def contents(*texts: str) -> list[Content]:
    return [Content(text) for text in texts]


async def test_the_lines_that_differ_are_rendered_and_no_others() -> None:
    app = Lines()
    async with app.run_test(size=(20, 4)) as pilot:
        app.text.show(contents("one", "two", "three"))
        await pilot.pause()
        assert app.shown == ["one", "two", "three", ""]
        app.rendered.lines.clear()
        app.text.show(contents("one", "2", "three"))
        await pilot.pause()
        assert app.rendered.lines == ["2"]
        assert app.shown == ["one", "2", "three", ""]


async def test_another_style_is_another_line() -> None:
    app = Lines()
    async with app.run_test(size=(20, 4)) as pilot:
        app.text.show(contents("one"))
        await pilot.pause()
        app.rendered.lines.clear()
        app.text.show([Content.styled("one", "bold")])
        assert app.rendered.lines == ["one"]


async def test_it_is_as_high_as_it_has_lines() -> None:
    app = Lines()
    async with app.run_test(size=(20, 4)) as pilot:
        for texts in (("one",), ("one", "two", "three"), ("one", "two")):
            app.text.show(contents(*texts))
            await pilot.pause()
            assert app.text.size.height == len(texts)
            assert app.shown == [*texts, *[""] * (4 - len(texts))]


async def test_in_another_width_it_is_cut_or_whole_again() -> None:
    app = Lines()
    async with app.run_test(size=(20, 1)) as pilot:
        app.text.show(contents("twelve cells", "网卡网卡网卡"))
        for n_columns, shown in ((20, "twelve cells"), (6, "twelve"), (12, "twelve cells")):
            await pilot.resize_terminal(n_columns, 2)
            await pilot.pause()
            assert app.shown[0] == shown
            assert app.shown[1] == "网卡网卡网卡"[: n_columns // 2]
