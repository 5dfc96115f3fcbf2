"""What stands between the devices and the plots: what is waited for, what is wrong, the result."""

import enum
import functools
from collections.abc import Iterator

from textual.content import Content
from textual.style import Style

from rigcheck.findings import Verdict
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.bench_words import bottleneck_text, form_texts, result_text, why_texts
from rigcheck.tui.definition_lines import definition_lines
from rigcheck.tui.detail import remedy_lines
from rigcheck.tui.layout import hanging, styled
from rigcheck.tui.look import FAINT, MARKS, PLAIN, STRONG, VERDICT_STYLES
from rigcheck.tui.metrics import Metric
from rigcheck.tui.workbench import Workbench

_INDENT = 6
_N_KEPT = 16


class Asked(enum.Enum):
    """What the user wants to be told."""

    RESULT = enum.auto()
    DEFINITION = enum.auto()
    """What the plotted metric means."""
    WHY = enum.auto()
    """What holds the device back."""


def message_lines(
    work: Workbench, chosen: str, metric: Metric, asked: Asked, n_columns: int
) -> list[Content]:
    """All of it; what is wrong comes before everything else."""
    if work.problem is not None:
        return list(_problem_lines(work, n_columns))
    if work.bench is None:
        return styled(_what_is_next(work), FAINT).wrap(n_columns)
    if asked is Asked.DEFINITION:
        return definition_lines(metric, n_columns)
    if asked is Asked.WHY:
        return list(_why_lines(work.bench, chosen, n_columns))
    return list(_result_lines(work.bench, chosen, n_columns))


def _problem_lines(work: Workbench, n_columns: int) -> Iterator[Content]:
    if work.problem is None:
        return
    mark = styled(MARKS[Verdict.FAIL], VERDICT_STYLES[Verdict.FAIL])
    yield from hanging(mark, styled(work.problem.text, STRONG), n_columns, 2)
    if work.remedy is not None:
        yield from remedy_lines(work.remedy, n_columns)
    elif work.problem.hint:
        yield from hanging(styled("  mend", FAINT), styled(work.problem.hint), n_columns, 8)


def _what_is_next(work: Workbench) -> str:
    if work.bench_wanted:
        return f"starts once the check is through: {', '.join(work.check.waiting_for)}…"
    return "nothing runs: s starts, o chooses devices and length first"


def _result_lines(model: BenchModel, chosen: str, n_columns: int) -> Iterator[Content]:
    for text, style in _result_texts(model, chosen):
        yield from _wrapped(text, style, n_columns)


def _result_texts(model: BenchModel, chosen: str) -> Iterator[tuple[str, Style]]:
    """The sentence that people want, what holds the device back, its other forms."""
    if model.refusal:
        yield model.refusal, STRONG
    result = result_text(model, chosen)
    if result:
        yield result, STRONG
    limit = bottleneck_text(model.devices[chosen].run)
    if limit:
        yield limit, PLAIN
    for text in form_texts(model, chosen):
        yield text, PLAIN


@functools.lru_cache(_N_KEPT)
def _wrapped(text: str, style: Style, n_columns: int) -> tuple[Content, ...]:
    """Kept, as most are what they were a frame ago."""
    return tuple(styled(text, style).wrap(n_columns))


def _why_lines(model: BenchModel, chosen: str, n_columns: int) -> Iterator[Content]:
    for label, text in why_texts(model.devices[chosen].run):
        yield from hanging(styled(label, FAINT), styled(text), n_columns, _INDENT)
