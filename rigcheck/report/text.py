"""The report as text: for a terminal, a pipe, an e-mail."""

from collections.abc import Iterator

from rigcheck.bench.result import BenchRun
from rigcheck.environments import EnvironmentFacts, InterpreterSearch, rig_of
from rigcheck.facts import Part, Rig
from rigcheck.findings import Finding, Remedy, Verdict, root_cause
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.probes.registry import PROBES
from rigcheck.report.environment_lines import environment_line, search_lines, why_line
from rigcheck.report.layout import INDENT, Style, labelled, safe, wrapped
from rigcheck.report.report import Report, verdicts_text
from rigcheck.report.summary import summary
from rigcheck.terminal import plain
from rigcheck.units import duration_text

_SYMBOLS = {
    Verdict.PASS: "✓",
    Verdict.WARN: "!",
    Verdict.FAIL: "✗",
    Verdict.UNKNOWN: "?",
    Verdict.SKIP: "·",
}
# SGR codes of the 16 colours that every terminal has.
_COLOURS = {
    Verdict.PASS: "32",
    Verdict.WARN: "33",
    Verdict.FAIL: "31",
    Verdict.UNKNOWN: "36",
    Verdict.SKIP: "2",
}
_SHOWN = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN)


def report_text(report: Report, style: Style) -> str:
    """The whole report, lines ended, for stdout."""
    return "\n".join([*_lines(report, style), ""])


def short_text(report: Report, style: Style) -> str:
    """What leads, what was measured and the counts: what stays when an interface has gone."""
    lines = []
    leading = root_cause(report.findings)
    if leading is not None:
        lines += [*finding_lines(leading, style), ""]
    if report.bench is not None:
        lines += [*_bench_lines(report.bench, style), ""]
    return "\n".join([*lines, _counts_line(report, style), ""])


def _lines(report: Report, style: Style) -> Iterator[str]:
    title = f"rigcheck {report.rigcheck_version}"
    host = summary(report.rig, "host")
    yield from wrapped(host, style, f"{title}  ") if host.strip() else (title,)
    yield ""
    yield from _finding_blocks(_findings_of(report, ""), style)
    facts = list(_fact_lines(report.rig, report.probes, style))
    if facts:
        yield from (*facts, "")
    if report.search is not None:
        yield from _found_environments(report, report.search, style)
        yield ""
    else:
        for environment in report.environments:
            yield from _section(report, environment, style)
    if report.bench is not None:
        yield from _bench_lines(report.bench, style)
        yield ""
    yield _counts_line(report, style)
    if report.removed:
        yield safe(f"Removed before sharing: {', '.join(report.removed)}", style)


def _section(report: Report, environment: EnvironmentFacts, style: Style) -> Iterator[str]:
    """One environment: what is wrong there, then what it has."""
    yield f"{'──' if style.symbols else '--'} {safe(environment.interpreter, style)}"
    yield ""
    yield from _finding_blocks(_findings_of(report, environment.interpreter), style)
    yield from _fact_lines(rig_of(Rig(), environment), environment.probes, style)
    yield ""


def _found_environments(report: Report, search: InterpreterSearch, style: Style) -> Iterator[str]:
    """A line each, with the reason below it where something is wrong."""
    for environment in report.environments:
        yield safe(f"{environment.interpreter}  {environment_line(environment)}", style)
        why = why_line(_findings_of(report, environment.interpreter))
        if why:
            yield from labelled("why", why, style)
    for line in search_lines(search):
        yield safe(line, style)
    if any(finding.environment for finding in report.findings):
        yield "`rigcheck check --python PATH` says of one what mends it"


def _findings_of(report: Report, interpreter: str) -> tuple[Finding, ...]:
    return tuple(f for f in report.findings if f.environment == interpreter)


def _finding_blocks(findings: tuple[Finding, ...], style: Style) -> Iterator[str]:
    for finding in findings:
        if finding.verdict in _SHOWN:
            yield from finding_lines(finding, style)
            yield ""


def finding_lines(finding: Finding, style: Style) -> Iterator[str]:
    """Headline, evidence, remedy and link of one finding."""
    follows = f" (follows from {finding.caused_by})" if finding.caused_by else ""
    yield f"{_verdict(finding.verdict, style)} {safe(finding.headline, style)}"
    yield f"{INDENT}{finding.id}{follows}"
    for evidence in finding.evidence:
        yield from labelled("seen", f"{evidence.text} ({evidence.source})", style)
    # A consequence is mended with its cause; a second remedy would only compete with it.
    if finding.remedy is not None and finding.caused_by is None:
        yield from _remedy_lines(finding.remedy, style)
    if finding.link:
        yield from labelled("read", finding.link, style)


def _remedy_lines(remedy: Remedy, style: Style) -> Iterator[str]:
    yield from labelled("mend", remedy.text, style)
    # Commands are never wrapped: they are there to be copied.
    for command in remedy.commands:
        yield f"{INDENT}      $ {plain(command)}"
    if remedy.verify:
        yield f"{INDENT}then  $ {plain(remedy.verify)}"


def _fact_lines(rig: Rig, probes: tuple[ProbeOutcome, ...], style: Style) -> Iterator[str]:
    errors = {outcome.part: outcome.error for outcome in probes}
    told = [
        (probe.title, errors.get(probe.part) or summary(rig, probe.part))
        for probe in PROBES
        if probe.part in errors or _is_known(getattr(rig, probe.part))
    ]
    width = max((len(title) for title, _ in told), default=0)
    for title, text in told:
        yield from wrapped(text, style, f"{title:<{width}}  ") if text.strip() else (title,)


def _is_known(part: Part) -> bool:
    return part != type(part)()


def _bench_lines(bench: BenchRun, style: Style) -> Iterator[str]:
    from rigcheck.report.bench_text import bench_lines  # noqa: PLC0415 -- a check has none

    return bench_lines(bench, style)


def _counts_line(report: Report, style: Style) -> str:
    pieces = [
        verdicts_text(report.findings),
        f"checked in {duration_text(report.check_duration_s)}",
        *(["interrupted"] if report.interrupted else []),
    ]
    return safe(" · ".join(pieces), style)


def _verdict(verdict: Verdict, style: Style) -> str:
    word = f"{_SYMBOLS[verdict]} {verdict.value}" if style.symbols else verdict.value.upper()
    return f"\x1b[{_COLOURS[verdict]}m{word}\x1b[0m" if style.colour else word
