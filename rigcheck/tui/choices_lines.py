"""The choices before a benchmark, one line each."""

from collections.abc import Iterator

from textual.content import Content

from rigcheck.tui.bench_choices import BenchChoices
from rigcheck.tui.layout import column, styled
from rigcheck.tui.look import CHOSEN, FAINT, PLAIN, STRONG

_LABEL_CELLS = 9
_KEYS = 9
QUICK = "quick: in memory and as written"
FULL = "full: every form and ceiling, by batch size and threads; takes minutes"


def choices_lines(choices: BenchChoices, row: int, n_columns: int) -> Iterator[Content]:
    """A line a device, then length and extent; the one at `row` is where the keys act."""
    texts = (*_device_texts(choices), *_other_texts(choices))
    for index, (key, label, text) in enumerate(texts):
        mark = CHOSEN if index == row else " "
        head = f"{mark} {key} {column(label, _LABEL_CELLS)} "
        style = STRONG if index == row else PLAIN
        yield styled(head + text, style).truncate(n_columns, ellipsis=True)
    yield Content("")
    yield styled(f"  {_summary(choices)}", FAINT).truncate(n_columns, ellipsis=True)


def _device_texts(choices: BenchChoices) -> Iterator[tuple[str, str, str]]:
    for index, device in enumerate(choices.devices):
        key = str(index + 1) if index < _KEYS else " "
        box = "[x]" if device.device in choices.chosen else "[ ]"
        yield key, device.label, f"{box} {device.name}"


def _other_texts(choices: BenchChoices) -> Iterator[tuple[str, str, str]]:
    yield "l", "length", f"< {choices.lengths[choices.length].text} >"
    yield "f", "extent", f"< {FULL if choices.is_full else QUICK} >"


def _summary(choices: BenchChoices) -> str:
    if not choices.chosen:
        return "choose one device at least"
    if len(choices.chosen) == 1:
        return "this device alone"
    return f"{len(choices.chosen)} devices, which train in turns"
