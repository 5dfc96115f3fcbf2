import pytest
from textual.app import App, ComposeResult

from rigcheck.tui.key_bar import Key, KeyBar

KEYS = (
    Key("b", "benchmark", ""),
    Key("r", "again", ""),
    Key("?", "help", ""),
    Key("q", "quit", ""),
)


class Bar(App[None]):
    def compose(self) -> ComposeResult:
        yield KeyBar(KEYS)


@pytest.mark.parametrize(
    ("n_columns", "shown"),
    [
        (80, " b benchmark  r again  ? help  q quit"),
        (30, " b benchmark  ? help  q quit"),
        (16, " ? help  q quit"),
    ],
)
async def test_help_and_quit_are_the_last_to_go(n_columns: int, shown: str) -> None:
    async with Bar().run_test(size=(n_columns, 5)) as pilot:
        bar = pilot.app.query_one(KeyBar)
        assert str(bar.render()).rstrip() == shown


async def test_what_is_told_stands_in_place_of_the_keys_and_is_harmless() -> None:
    async with Bar().run_test(size=(80, 5)) as pilot:
        bar = pilot.app.query_one(KeyBar)
        bar.tell("copied [b]\x1b[31m")
        assert str(bar.render()) == " copied [b]\\x1b[31m"
