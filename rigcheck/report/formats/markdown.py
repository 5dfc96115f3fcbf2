"""Markdown to paste into an issue: what is wrong first, facts folded."""

import html
import re
from collections.abc import Iterator

from rigcheck.bench.result import BenchRun
from rigcheck.environments import EnvironmentFacts, rig_of
from rigcheck.facts import Rig
from rigcheck.findings import Finding, Remedy, Verdict, root_cause
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.probes.registry import PROBES
from rigcheck.report.bench_text import measured_texts
from rigcheck.report.environment_lines import environment_line
from rigcheck.report.foreign import shown
from rigcheck.report.report import Report, count_verdicts
from rigcheck.report.summary import summary
from rigcheck.report.text import data_text, device_text
from rigcheck.report.watch_text import watch_sentences

_MARKS = {Verdict.FAIL: "❌", Verdict.WARN: "⚠️", Verdict.UNKNOWN: "❔"}
# What starts a construct of CommonMark or of GitHub's tables; `_` within a word is none, and `-`,
# `+` and `=` are at the beginning of a line only.
_SPECIAL = r"[\\`*\[\]<>|~&!]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|#(?!\w)|^[-+=]"
# A comment splits the text, so that GitHub sees neither a user to notify nor an issue to link.
_REFERENCE = r"[@#](?=\w)|(?<=[hH])-(?=\d)"
# `$` starts mathematics even behind a backslash.
_ENTITY = r"\$|(?<=[A-Za-z]):(?=//)|(?i:(?<=www))\."
_ESCAPED = re.compile(f"(?P<special>{_SPECIAL})|(?P<reference>{_REFERENCE})|(?P<entity>{_ENTITY})")
_LIST_NUMBER = re.compile(r"^([0-9]{1,9})([.)])(?=\s|$)")
_PUBLIC_LINK = re.compile(r"https://[A-Za-z0-9./_#%=-]+")


def markdown(report: Report) -> str:
    """The report, lines ended."""
    return "\n".join(_lines(report)) + "\n"


def escaped(text: str) -> str:
    """Foreign text on one line that shows as it is, and mentions nobody.

    It may stand at the beginning of a line: it starts no heading, list or rule there. Blanks around
    it are left out, for four of them would start a block of code.
    """
    return _LIST_NUMBER.sub(r"\1\\\2", _ESCAPED.sub(_escape, shown(text).strip()))


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if match.lastgroup == "special":
        return f"\\{character}"
    return f"{character}<!-- -->" if match.lastgroup == "reference" else f"&#{ord(character)};"


def _link(link: str) -> str:
    return f"<{link}>" if _PUBLIC_LINK.fullmatch(link) else escaped(link)


def fenced(lines: tuple[str, ...]) -> Iterator[str]:
    """Commands in a fence that is longer than any within them."""
    told = [shown(line) for line in lines]
    longest = max((len(run) for line in told for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}sh"
    yield from told
    yield fence


def _lines(report: Report) -> Iterator[str]:
    host = summary(report.rig, "host")
    yield f"**rigcheck {escaped(report.rigcheck_version)}** · {escaped(report.created_at)}" + (
        f" · {escaped(host)}" if host else ""
    )
    yield ""
    yield from _lead(report)
    yield from _table(report)
    if report.bench is not None:
        yield from _bench(report.bench)
    yield from _folded("Facts", _facts(report.rig, report.probes))
    for environment in report.environments:
        yield from _folded(environment.interpreter, _environment(environment))
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
        yield f"Read: {_link(leading.link)}"
        yield ""


def _remedy(remedy: Remedy) -> Iterator[str]:
    yield f"**What mends it:** {escaped(remedy.text)}"
    yield ""
    commands = remedy.commands + ((remedy.verify,) if remedy.verify else ())
    if commands:
        yield from fenced(commands)
        yield ""


def _table(report: Report) -> Iterator[str]:
    counts = ", ".join(f"{n} {v.value}" for v, n in count_verdicts(report.findings).items())
    told = [finding for finding in report.findings if finding.verdict in _MARKS]
    if told:
        yield "| | finding | id | follows from |"
        yield "|---|---|---|---|"
        yield from map(_table_row, told)
        yield ""
    yield f"{len(report.findings)} verdicts: {counts or 'none'}" + (
        " · interrupted" if report.interrupted else ""
    )
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
    yield from _folded("Measured beside it", list(_measured(bench)))


def _measured(bench: BenchRun) -> Iterator[str]:
    for run in bench.devices:
        for text in measured_texts(run):
            yield f"- {escaped(run.label)}: {escaped(text.strip())}"
    for sentence in watch_sentences(bench):
        yield f"- {escaped(sentence)}"


def _facts(rig: Rig, probes: tuple[ProbeOutcome, ...]) -> list[str]:
    errors = {outcome.part: outcome.error for outcome in probes}
    told = [(p.title, errors.get(p.part) or summary(rig, p.part)) for p in PROBES]
    lines = [f"| {escaped(title)} | {escaped(text)} |" for title, text in told if text]
    return ["| | |", "|---|---|", *lines] if lines else []


def _environment(environment: EnvironmentFacts) -> list[str]:
    own = _facts(rig_of(Rig(), environment), environment.probes)
    return [escaped(environment_line(environment)), "", *own]


def _folded(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        # The empty lines let Markdown begin and end within the block of HTML.
        # Markdown's escapes mean nothing in there.
        summary_line = f"<details><summary>{html.escape(shown(title))}</summary>"
        yield from (summary_line, "", *lines, "", "</details>")
        yield ""
