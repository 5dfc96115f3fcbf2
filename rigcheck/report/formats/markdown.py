"""Markdown to paste into an issue: what is wrong first, facts folded."""

from collections.abc import Iterator

from rigcheck.bench.result import BenchRun
from rigcheck.environments import EnvironmentFacts, rig_of
from rigcheck.facts import Rig
from rigcheck.findings import Finding, Remedy, Verdict, root_cause
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.probes.registry import PROBES
from rigcheck.report.bench_text import data_text, device_text, measured_texts
from rigcheck.report.environment_lines import environment_line
from rigcheck.report.formats.markdown_parts import escaped, fenced, folded, link
from rigcheck.report.report import Report, verdicts_text
from rigcheck.report.summary import summary
from rigcheck.report.watch_text import watch_sentences

_MARKS = {Verdict.FAIL: "❌", Verdict.WARN: "⚠️", Verdict.UNKNOWN: "❔"}


def markdown(report: Report) -> str:
    """The report, lines ended."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield from head_lines(report)
    yield from _lead(report)
    yield from _table(report)
    if report.bench is not None:
        yield from _bench(report.bench)
    yield from folded("Facts", fact_lines(report.rig, report.probes))
    for environment in report.environments:
        yield from folded(environment.interpreter, _environment(environment))
    yield from removed_lines(report)


def head_lines(report: Report) -> Iterator[str]:
    """Which rigcheck, when, on what."""
    host = summary(report.rig, "host")
    yield f"**rigcheck {escaped(report.rigcheck_version)}** · {escaped(report.created_at)}" + (
        f" · {escaped(host)}" if host else ""
    )
    yield ""


def removed_lines(report: Report) -> Iterator[str]:
    """What was taken out before sharing."""
    if report.removed:
        yield f"<sub>Removed before sharing: {escaped(', '.join(report.removed))}</sub>"


def _lead(report: Report) -> Iterator[str]:
    leading = root_cause(report.findings)
    if leading is None:
        yield "### Nothing is wrong that rigcheck knows of"
        yield ""
        return
    yield f"### {_MARKS[leading.verdict]} {escaped(leading.headline)}"
    yield ""
    for evidence in leading.evidence:
        yield f"- {escaped(evidence.text)} ({escaped(evidence.source)})"
    if leading.evidence:
        yield ""
    if leading.remedy is not None:
        yield from _remedy(leading.remedy)
    if leading.link:
        yield f"Read: {link(leading.link)}"
        yield ""


def _remedy(remedy: Remedy) -> Iterator[str]:
    yield f"**What mends it:** {escaped(remedy.text)}"
    yield ""
    commands = remedy.commands + ((remedy.verify,) if remedy.verify else ())
    if commands:
        yield from fenced(commands)
        yield ""


def _table(report: Report) -> Iterator[str]:
    told = [finding for finding in report.findings if finding.verdict in _MARKS]
    if told:
        yield "| | finding | id | follows from |"
        yield "|---|---|---|---|"
        yield from map(_table_row, told)
        yield ""
    yield verdicts_text(report.findings) + (" · interrupted" if report.interrupted else "")
    yield ""


def _table_row(finding: Finding) -> str:
    where = f" ({escaped(finding.environment)})" if finding.environment else ""
    cells = (
        f"{_MARKS[finding.verdict]} {finding.verdict.value}",
        f"{escaped(finding.headline)}{where}",
        escaped(finding.id),
        escaped(finding.caused_by or ""),
    )
    return f"| {' | '.join(cells)} |"


def _bench(bench: BenchRun) -> Iterator[str]:
    data = next((run.data for run in bench.devices if run.data is not None), None)
    yield f"**{escaped(f'LeNet{data_text(data)}, batch 100, in memory')}**"
    yield ""
    for run in bench.devices:
        yield f"- {escaped(run.label)}: {escaped(device_text(run))}"
        if run.error:
            yield f"  - why: {escaped(run.error)}"
        if run.hint:
            yield f"  - mend: {escaped(run.hint)}"
    for speed_up in bench.speed_ups:
        sentence = f"{speed_up.sentence} ({speed_up.low:.3g}–{speed_up.high:.3g})"
        yield f"- {escaped(sentence)}"
    yield ""
    yield from folded("Measured beside it", list(_measured(bench)))


def _measured(bench: BenchRun) -> Iterator[str]:
    for run in bench.devices:
        for text in measured_texts(run):
            yield f"- {escaped(run.label)}: {escaped(text.strip())}"
    for sentence in watch_sentences(bench):
        yield f"- {escaped(sentence)}"


def fact_lines(rig: Rig, probes: tuple[ProbeOutcome, ...]) -> list[str]:
    """A table of the parts of the machine, a line each; nothing where nothing is known."""
    errors = {outcome.part: outcome.error for outcome in probes}
    told = [(p.title, errors.get(p.part) or summary(rig, p.part)) for p in PROBES]
    lines = [f"| {escaped(title)} | {escaped(text)} |" for title, text in told if text]
    return ["| | |", "|---|---|", *lines] if lines else []


def _environment(environment: EnvironmentFacts) -> list[str]:
    own = fact_lines(rig_of(Rig(), environment), environment.probes)
    return [escaped(environment_line(environment)), "", *own]
