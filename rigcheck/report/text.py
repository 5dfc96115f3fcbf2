"""The report as text: for a terminal, a pipe, an e-mail."""

import textwrap
from collections.abc import Iterator

import msgspec

from rigcheck.bench.crossover import crossover_sentences
from rigcheck.bench.result import BenchRun, Data, DataKind, DeviceRun
from rigcheck.environments import EnvironmentFacts, InterpreterSearch, rig_of
from rigcheck.facts import Rig
from rigcheck.findings import Finding, Remedy, Verdict, root_cause
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.probes.registry import PROBES
from rigcheck.report.bench_text import interval_text, measured_texts
from rigcheck.report.environment_lines import environment_line, search_lines, why_line
from rigcheck.report.report import Report, count_verdicts
from rigcheck.report.summary import summary
from rigcheck.report.watch_text import watch_sentences
from rigcheck.terminal import plain
from rigcheck.units import duration_text

_INDENT = "    "


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How text may look. The words alone always say everything."""

    symbols: bool = False
    """✓ ✗ ! beside the verdict's word, which is there in any case."""
    colour: bool = False
    width: int = 80


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
_TYPEWRITTEN = {" · ": ", ", "–": "-", "×": "x", "…": "...", "→": "->"}
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
        lines += [*bench_lines(report.bench, style), ""]
    return "\n".join([*lines, _counts_line(report, style), ""])


def _lines(report: Report, style: Style) -> Iterator[str]:
    host = safe(summary(report.rig, "host"), style)
    yield f"rigcheck {report.rigcheck_version}  {host}".rstrip()
    yield ""
    yield from _finding_blocks(_findings_of(report, ""), style)
    yield from _fact_lines(report.rig, report.probes, style)
    yield ""
    if report.search is not None:
        yield from _found_environments(report, report.search, style)
        yield ""
    else:
        for environment in report.environments:
            yield from _section(report, environment, style)
    if report.bench is not None:
        yield from bench_lines(report.bench, style)
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
    yield f"{_INDENT}{finding.id}{follows}"
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
        yield f"{_INDENT}      $ {plain(command)}"
    if remedy.verify:
        yield f"{_INDENT}then  $ {plain(remedy.verify)}"


def labelled(label: str, text: str, style: Style) -> Iterator[str]:
    """A text wrapped to the width, with its label in front of the first line."""
    yield from wrapped(text, style, f"{_INDENT}{label:<6}")


def wrapped(text: str, style: Style, first: str, rest: str | None = None) -> Iterator[str]:
    """A text wrapped to the width between words, never within one.

    Args:
        text: may be foreign.
        style: has the width.
        first: stands before the first line.
        rest: before all others; None for as many blanks.
    """
    text = safe(text, style)
    blanks = len(text) - len(text.lstrip(" "))
    yield from textwrap.wrap(
        text[blanks:],
        width=style.width,
        initial_indent=first + " " * blanks,
        subsequent_indent=(" " * len(first) if rest is None else rest) + " " * blanks,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _fact_lines(rig: Rig, probes: tuple[ProbeOutcome, ...], style: Style) -> Iterator[str]:
    errors = {outcome.part: outcome.error for outcome in probes}
    width = max(len(probe.title) for probe in PROBES)
    for probe in PROBES:
        part = getattr(rig, probe.part)
        if probe.part in errors or part != type(part)():
            text = errors.get(probe.part) or summary(rig, probe.part)
            yield f"{probe.title:<{width}}  {safe(text, style)}".rstrip()


def bench_lines(bench: BenchRun, style: Style) -> Iterator[str]:
    """A line a device, then the sentences people want."""
    data = next((run.data for run in bench.devices if run.data is not None), None)
    yield safe(f"LeNet{data_text(data)} · batch 100 · in memory", style)
    width = max((len(run.label) for run in bench.devices), default=0)
    for run in bench.devices:
        yield from wrapped(device_text(run), style, f"{run.label:<{width}}  ")
        for line in measured_texts(run):
            yield from wrapped(line, style, " " * (width + 2))
        if run.error:
            yield from labelled("why", run.error, style)
        if run.hint:
            yield from labelled("mend", run.hint, style)
    for speed_up in bench.speed_ups:
        sentence = f"{speed_up.sentence} ({speed_up.low:.3g}–{speed_up.high:.3g})"
        yield from wrapped(sentence, style, "", _INDENT)
    for sentence in (*crossover_sentences(bench.devices), *watch_sentences(bench)):
        yield from wrapped(sentence, style, "", _INDENT)


def device_text(run: DeviceRun) -> str:
    """Rate with its interval, epoch time, accuracy, and how it ended if not well."""
    pieces = [run.name]
    if run.rate is not None:
        pieces.append(interval_text(run.rate))
    if run.epoch_s is not None:
        pieces.append(f"{duration_text(run.epoch_s)} an epoch")
    if run.evaluation is not None:
        pieces.append(f"accuracy {run.evaluation.accuracy:.1%}")
    if run.device == "cpu" and run.threads:
        pieces.append(f"{run.threads} threads")
    if run.outcome.value != "done":
        pieces.append(f"{run.outcome.value} in {run.stage}")
    return " · ".join(pieces)


def data_text(data: Data | None) -> str:
    """Which data trained LeNet; empty where none is known."""
    if data is None:
        return ""
    where = "" if data.kind is DataKind.BUILT_IN_DIGITS else f" from {data.path}"
    return f" on {data.kind.value} ({data.train_images:,} images){where}"


def _counts_line(report: Report, style: Style) -> str:
    counts = ", ".join(f"{n} {v.value}" for v, n in count_verdicts(report.findings).items())
    pieces = [
        f"{len(report.findings)} verdicts: {counts or 'none'}",
        f"checked in {duration_text(report.check_duration_s)}",
        *(["interrupted"] if report.interrupted else []),
    ]
    return safe(" · ".join(pieces), style)


def _verdict(verdict: Verdict, style: Style) -> str:
    word = f"{_SYMBOLS[verdict]} {verdict.value}" if style.symbols else verdict.value.upper()
    return f"\x1b[{_COLOURS[verdict]}m{word}\x1b[0m" if style.colour else word


def safe(text: str, style: Style) -> str:
    """Foreign text made safe, with the typography that the terminal can show."""
    told = plain(text)
    if style.symbols:
        return told
    for typed, typewritten in _TYPEWRITTEN.items():
        told = told.replace(typed, typewritten)
    return told
