"""Advice as text."""

from collections.abc import Iterator

from rigcheck.advice import Advice, Counsel, Fit
from rigcheck.report.text import Style, labelled, safe
from rigcheck.terminal import plain
from rigcheck.units import bytes_text


def advice_lines(advice: Advice, style: Style) -> Iterator[str]:
    """A paragraph a counsel, then the table of what has room."""
    for counsel in advice.counsels:
        yield from _counsel_lines(counsel, style)
        yield ""
    for gpu in dict.fromkeys(fit.gpu for fit in advice.fits):
        yield from _fit_lines([fit for fit in advice.fits if fit.gpu == gpu], style)
        yield ""


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


def _fit_lines(fits: list[Fit], style: Style) -> Iterator[str]:
    yield safe(f"memory of {fits[0].gpu}: {bytes_text(fits[0].has_bytes)}", style)
    width = max(len(fit.workload) for fit in fits)
    for fit in fits:
        yield safe(
            f"    {fit.workload:<{width}}  {bytes_text(fit.needs_bytes):>9}  {fit.room.value}",
            style,
        )
