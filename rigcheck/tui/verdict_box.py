"""The box that leads: the root cause and what mends it, or how far the check has come."""

from collections.abc import Iterator

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from rigcheck.findings import Finding, Verdict, count_verdicts
from rigcheck.tui.check_model import CheckModel
from rigcheck.tui.layout import hanging, styled
from rigcheck.tui.look import AT_WORK, COMMAND, FAINT, MARKS, STRONG, VERDICT_STYLES

_MAX_TEXT_LINES = 2
_MAX_COMMAND_LINES = 3
_INDENT = 6


class VerdictBox(Widget):
    """Shows the state of a check in a few lines."""

    DEFAULT_CSS = """
    VerdictBox { height: auto; border: round ansi_default; padding: 0 1; max-height: 45%; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.border_title = Content("Verdict")
        self._lines: tuple[object, ...] = ()
        self._model: CheckModel | None = None

    def show(self, model: CheckModel) -> None:
        """Draws it anew if something has changed."""
        self._model = model
        state = (model.cause, model.waiting_for, model.finished, model.error)
        if state != self._lines:
            self._lines = state
            self.refresh(layout=True)

    def render(self) -> RenderResult:
        """Textual asks for the content."""
        if self._model is None:
            return ""
        return Content("\n").join(_verdict_lines(self._model, self.content_size.width or 76))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """Textual asks how many lines it needs at this width."""
        del container, viewport
        return 0 if self._model is None else len(list(_verdict_lines(self._model, width)))


def _verdict_lines(model: CheckModel, n_columns: int) -> Iterator[Content]:
    if model.error is not None:
        yield from hanging(_mark(Verdict.UNKNOWN), styled(model.error.text, STRONG), n_columns, 2)
    if model.cause is not None:
        yield from _cause_lines(model.cause, n_columns)
    elif model.finished is not None:
        yield from _fine_lines(model, n_columns)
    if model.finished is None and model.error is None:
        waiting = f"looking at {', '.join(model.waiting_for) or 'this machine'}"
        yield (styled(f"{AT_WORK} ") + styled(waiting, FAINT)).truncate(n_columns, ellipsis=True)


def _cause_lines(cause: Finding, n_columns: int) -> Iterator[Content]:
    yield from hanging(_mark(cause.verdict), styled(cause.headline, STRONG), n_columns, 2)
    if cause.remedy is None:
        return
    text = styled(cause.remedy.text)
    told = hanging(styled("mend", FAINT).pad_left(2), text, n_columns, _INDENT + 2)
    commands = [
        line
        for command in cause.remedy.commands
        for line in hanging(Content(), styled(command, COMMAND), n_columns, _INDENT + 2)
    ]
    yield from _shortened(told, _MAX_TEXT_LINES, n_columns)
    yield from _shortened(commands, _MAX_COMMAND_LINES, n_columns)


def _shortened(lines: list[Content], n_most: int, n_columns: int) -> list[Content]:
    """The first lines; the details have the rest."""
    if len(lines) <= n_most:
        return lines
    last = lines[n_most - 1].rstrip()
    if last.cell_length > n_columns - 2:
        last = last[: max(last.plain.rfind(" "), 0)]
    return [*lines[: n_most - 1], last + styled(" …", FAINT)]


def _fine_lines(model: CheckModel, n_columns: int) -> Iterator[Content]:
    counts = count_verdicts(model.findings)
    n_unknown = counts.pop(Verdict.UNKNOWN, 0)
    n_passed = counts.get(Verdict.PASS, 0)
    verdict = Verdict.PASS if n_passed else Verdict.UNKNOWN
    text = f"nothing wrong found: {n_passed} passed"
    if n_unknown:
        text += f", {n_unknown} could not be told"
    yield from hanging(_mark(verdict), styled(text, STRONG), n_columns, 2)


def _mark(verdict: Verdict) -> Content:
    return styled(MARKS[verdict], VERDICT_STYLES[verdict])
