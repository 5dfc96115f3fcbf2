"""Advice on the page: a section a topic, then what has room on each GPU."""

from collections.abc import Iterator

from rigcheck.advice import Advice, Counsel, Fit
from rigcheck.report.advice_text import ARITHMETIC, by_topic, memory_tables
from rigcheck.report.formats.html_remedy import link, steps
from rigcheck.report.formats.markup import Child, section, table, tag
from rigcheck.units import bytes_text

ADVICE_TITLE = "What to install here, and what it serves for"


def advice_sections(advice: Advice) -> Iterator[Child]:
    """All of it, after the page's own heading."""
    for number, (topic, counsels) in enumerate(by_topic(advice.counsels), 1):
        yield section(topic, map(_counsel, counsels), id_=f"topic-{number}")
    tables = [
        (tag("h3", title), table(("model", "needs", ""), [_fit_row(fit) for fit in alike]))
        for title, alike in memory_tables(advice.fits)
    ]
    if tables:
        yield section("What has room", tables, tag("p", ARITHMETIC, class_="soft"), id_="room")


def _counsel(counsel: Counsel) -> Iterator[Child]:
    yield tag("p", counsel.text)
    if counsel.remedy is not None:
        if counsel.remedy.text:
            yield tag("p", tag("strong", "Do: "), counsel.remedy.text)
        yield from steps(counsel.remedy)
    if counsel.sources:
        links = [(link(source), tag("br")) for source in counsel.sources]
        yield tag("p", "From: ", links, class_="soft")


def _fit_row(fit: Fit) -> tuple[str, str, str]:
    return fit.workload, bytes_text(fit.needs_bytes), fit.room.value
