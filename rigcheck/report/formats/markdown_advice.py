"""Advice as Markdown to paste: a heading a topic, commands in fences, facts folded."""

from collections.abc import Iterator, Sequence

from rigcheck.advice import Advice, Counsel, Fit
from rigcheck.report.advice_text import ARITHMETIC, by_topic, memory_tables
from rigcheck.report.formats.markdown import fact_lines, head_lines, removed_lines
from rigcheck.report.formats.markdown_parts import escaped, fenced, folded, link
from rigcheck.report.report import Report
from rigcheck.units import bytes_text


def advice_markdown(report: Report, advice: Advice) -> str:
    """What is advised on the machine of a report, lines ended."""
    return "\n".join(_lines(report, advice)) + "\n"


def _lines(report: Report, advice: Advice) -> Iterator[str]:
    yield from head_lines(report)
    for topic, counsels in by_topic(advice.counsels):
        yield f"### {escaped(topic)}"
        yield ""
        for counsel in counsels:
            yield from _counsel(counsel)
    yield from _memory(advice.fits)
    yield from folded("Facts", fact_lines(report.rig, report.probes))
    yield from removed_lines(report)


def _counsel(counsel: Counsel) -> Iterator[str]:
    yield escaped(counsel.text)
    yield ""
    remedy = counsel.remedy
    if remedy is not None:
        if remedy.text:
            yield from (f"**Do:** {escaped(remedy.text)}", "")
        commands = remedy.commands + ((remedy.verify,) if remedy.verify else ())
        if commands:
            yield from (*fenced(commands), "")
    if counsel.sources:
        yield f"From: {', '.join(map(link, counsel.sources))}"
        yield ""


def _memory(fits: Sequence[Fit]) -> Iterator[str]:
    for title, alike in memory_tables(fits):
        yield f"### {escaped(title)}"
        yield ""
        yield "| model | needs | |"
        yield "|---|---|---|"
        for fit in alike:
            needs = bytes_text(fit.needs_bytes)
            yield f"| {escaped(fit.workload)} | {needs} | {fit.room.value} |"
        yield ""
    if fits:
        yield ARITHMETIC
        yield ""
