"""Advice as text."""

from collections.abc import Iterator

from rigcheck.advice import Advice, Counsel, Fit
from rigcheck.knowledge.workloads import CONTEXT_BYTES
from rigcheck.report.text import Style, labelled, safe
from rigcheck.terminal import plain
from rigcheck.units import bytes_text

_ARITHMETIC = (
    f"Calculated: {bytes_text(CONTEXT_BYTES)} of CUDA's own, the bytes that each parameter keeps, "
    "and the activations of the batch. What the allocator loses to fragments is not counted."
)


def advice_lines(advice: Advice, style: Style) -> Iterator[str]:
    """A paragraph a counsel, then the table of what has room."""
    for counsel in advice.counsels:
        yield from _counsel_lines(counsel, style)
        yield ""
    yield from _memory_lines(advice.fits, style)


def _counsel_lines(counsel: Counsel, style: Style) -> Iterator[str]:
    yield safe(counsel.topic, style)
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
    for size in dict.fromkeys(fit.has_bytes for fit in fits):
        alike = [fit for fit in fits if fit.has_bytes == size]
        gpus = list(dict.fromkeys(fit.gpu for fit in alike))
        each = " each" if len(gpus) > 1 else ""
        yield safe(f"memory of {', '.join(gpus)}: {bytes_text(size)}{each}", style)
        yield from _fit_lines([fit for fit in alike if fit.gpu == gpus[0]], style)
        yield ""
    if fits:
        yield from labelled("", _ARITHMETIC, style)
        yield ""


def _fit_lines(fits: list[Fit], style: Style) -> Iterator[str]:
    width = max(len(fit.workload) for fit in fits)
    for fit in fits:
        yield safe(
            f"    {fit.workload:<{width}}  {bytes_text(fit.needs_bytes):>9}  {fit.room.value}",
            style,
        )
