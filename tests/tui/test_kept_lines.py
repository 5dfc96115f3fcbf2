from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from rigcheck.tui.kept_lines import KeptLines


class Counted(Widget):
    DEFAULT_CSS = "Counted { height: 1; }"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.n_asked = 0

    def render_lines(self, crop: Region) -> list[Strip]:
        self.n_asked += 1
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        del y
        return Strip([Segment(self.text)])


class Line(KeptLines, Counted):
    pass


class Pane(KeptLines, VerticalScroll):
    pass


class Two(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.upper, self.lower, self.pane = Line("upper"), Line("lower"), Pane()

    def compose(self) -> ComposeResult:
        yield self.upper
        yield self.lower
        yield self.pane

    @property
    def shown(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()][:2]


async def test_a_widget_that_has_not_changed_is_not_rendered_for_another_that_has() -> None:
    app = Two()
    async with app.run_test(size=(20, 4)) as pilot:
        assert app.shown == ["upper", "lower"]
        n_asked = app.lower.n_asked
        app.upper.text = "other"
        app.upper.refresh()
        await pilot.pause()
        assert app.shown == ["other", "lower"]
        assert app.lower.n_asked == n_asked


async def test_a_part_that_has_changed_is_shown() -> None:
    app = Two()
    async with app.run_test(size=(20, 4)) as pilot:
        assert app.shown == ["upper", "lower"]
        app.lower.text = "other"
        app.lower.refresh(Region(0, 0, 20, 1))
        await pilot.pause()
        assert app.shown == ["upper", "other"]


async def test_in_another_size_it_is_rendered_anew() -> None:
    app = Two()
    async with app.run_test(size=(20, 4)) as pilot:
        for n_columns in (3, 20):
            await pilot.resize_terminal(n_columns, 4)
            await pilot.pause()
            assert app.shown == ["upper"[:n_columns], "lower"[:n_columns]]


async def test_it_leaves_a_widget_its_own_styles() -> None:
    app = Two()
    async with app.run_test(size=(20, 4)):
        assert app.pane.styles.overflow_y == "auto"
