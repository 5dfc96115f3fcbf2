"""What is left of a run that did not come to its end."""

from textual.content import Content

from rigcheck.report.bench_text import interval_text
from rigcheck.report.kept_runs import KeptRun, RunState
from rigcheck.tui.layout import hanging, styled
from rigcheck.tui.look import FAINT, STRONG
from rigcheck.tui.session import Problem

_INDENT = 9


def lines_of_interrupted(run: KeptRun, n_columns: int) -> Content:
    """What was measured until it was cut short, or so far."""
    what = (
        "another rigcheck is at work on it"
        if run.state is RunState.AT_WORK
        else "it was interrupted; this is what was measured until then"
    )
    lines = [*styled(f"Benchmark of {run.when}: {what}", STRONG).wrap(n_columns), Content("")]
    for device in run.devices:
        rate = device.rate
        told = "no block of training was finished"
        if rate is not None:
            told = f"{interval_text(rate)}, {rate.blocks} blocks"
        label = styled(device.label, STRONG)
        lines += hanging(label, styled(device.name), n_columns, _INDENT)
        lines += hanging(styled(""), styled(told), n_columns, _INDENT)
    if not run.devices:
        lines += styled("nothing: no device had been started").wrap(n_columns)
    return Content("\n").join(lines)


def damaged_lines(problem: Problem, n_columns: int) -> Content:
    """Why a file cannot be read."""
    lines = [*styled(problem.text, STRONG).wrap(n_columns)]
    return Content("\n").join([*lines, *styled(problem.hint, FAINT).wrap(n_columns)])
