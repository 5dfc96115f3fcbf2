"""Advice as text, and what every format of it tells alike."""

from collections.abc import Iterator, Sequence

from rigcheck.advice import Advice, Counsel, Fit
from rigcheck.knowledge.workloads import CONTEXT_BYTES
from rigcheck.report.layout import Style, labelled, safe
from rigcheck.terminal import plain
from rigcheck.units import bytes_text

ARITHMETIC = (
    f"Calculated: {bytes_text(CONTEXT_BYTES)} of CUDA's own, the bytes that each parameter keeps, "
    "and the activations of the batch. What the allocator loses to fragments is not counted."
)
"""How a table of memory comes about."""


def advice_text(advice: Advice, removed: tuple[str, ...], style: Style) -> str:
    """The whole of it, lines ended; `removed` is what was taken out of it, in words."""
    lines = [*advice_lines(advice, style)]
    if removed:
        lines += [safe(f"Removed before sharing: {', '.join(removed)}", style), ""]
    return "\n".join(lines)


def by_topic(counsels: Sequence[Counsel]) -> Iterator[tuple[str, list[Counsel]]]:
    """Topics in their order, with what is said on each."""
    for topic in dict.fromkeys(counsel.topic for counsel in counsels):
        yield topic, [counsel for counsel in counsels if counsel.topic == topic]


def memory_tables(fits: Sequence[Fit]) -> Iterator[tuple[str, list[Fit]]]:
    """A title and the models for each size of memory: `memory of GPU 0, GPU 1: 4.0 GiB each`."""
    for size in dict.fromkeys(fit.has_bytes for fit in fits):
        alike = [fit for fit in fits if fit.has_bytes == size]
        gpus = list(dict.fromkeys(fit.gpu for fit in alike))
        each = " each" if len(gpus) > 1 else ""
        title = f"memory of {', '.join(gpus)}: {bytes_text(size)}{each}"
        yield title, [fit for fit in alike if fit.gpu == gpus[0]]


def advice_lines(advice: Advice, style: Style) -> Iterator[str]:
    """A paragraph a topic, then the table of what has room."""
    for topic, counsels in by_topic(advice.counsels):
        yield safe(topic, style)
        for counsel in counsels:
            yield from _counsel_lines(counsel, style)
        yield ""
    yield from _memory_lines(advice.fits, style)


def _counsel_lines(counsel: Counsel, style: Style) -> Iterator[str]:
    yield from labelled("", counsel.text, style)
    if counsel.remedy is not None:
        if counsel.remedy.text:
            yield from labelled("do", counsel.remedy.text, style)
        for command in counsel.remedy.commands:
            yield f"          $ {plain(command)}"
        if counsel.remedy.verify:
            yield f"    then  $ {plain(counsel.remedy.verify)}"
    for source in counsel.sources:
        yield from labelled("from", source, style)


def _memory_lines(fits: tuple[Fit, ...], style: Style) -> Iterator[str]:
    """A table for each size of memory, and how its figures come about."""
    for title, alike in memory_tables(fits):
        yield safe(title, style)
        yield from _fit_lines(alike, style)
        yield ""
    if fits:
        yield from labelled("", ARITHMETIC, style)
        yield ""


def _fit_lines(fits: list[Fit], style: Style) -> Iterator[str]:
    width = max(len(fit.workload) for fit in fits)
    for fit in fits:
        yield safe(
            f"    {fit.workload:<{width}}  {bytes_text(fit.needs_bytes):>9}  {fit.room.value}",
            style,
        )
