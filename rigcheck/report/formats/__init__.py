"""A report in each format that it leaves rigcheck in: one function a format, one that chooses.

A report that was made to give advice is told as that: see `Report.advice`.
"""

import enum

import msgspec

from rigcheck.report.layout import Style
from rigcheck.report.report import Report
from rigcheck.report.text import report_text


class Format(enum.Enum):
    """What `--format` takes."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    PROMETHEUS = "prometheus"
    NAGIOS = "nagios"
    JUNIT = "junit"

    @property
    def is_shared(self) -> bool:
        """True for what is made to be shown to others: private things are taken out of it."""
        return self in (Format.MARKDOWN, Format.HTML)


def render(report: Report, form: Format, *, is_redacted: bool, style: Style | None = None) -> str:
    """The report in that format, lines ended.

    Args:
        report: what is told.
        form: how.
        is_redacted: take out what is private.
        style: of the plain text; plain where None.
    """
    if is_redacted:
        from rigcheck.report.private import read_own_names  # noqa: PLC0415 -- rarely needed
        from rigcheck.report.redact import redact  # noqa: PLC0415

        report = redact(report, read_own_names())
    # Each brings what the others do not need.
    if form is Format.MARKDOWN:
        return _markdown(report)
    if form is Format.HTML:
        from rigcheck.report.formats.html import html  # noqa: PLC0415

        return html(report)
    if form is Format.TEXT:
        return _text(report, style or Style())
    return _for_programs(report, form)


def _markdown(report: Report) -> str:
    if report.advice is not None:
        from rigcheck.report.formats.markdown_advice import advice_markdown  # noqa: PLC0415

        return advice_markdown(report, report.advice)
    from rigcheck.report.formats.markdown import markdown  # noqa: PLC0415

    return markdown(report)


def _text(report: Report, style: Style) -> str:
    if report.advice is not None:
        from rigcheck.report.advice_text import advice_text  # noqa: PLC0415

        return advice_text(report.advice, report.removed, style)
    return report_text(report, style)


def _for_programs(report: Report, form: Format) -> str:
    if form is Format.PROMETHEUS:
        from rigcheck.report.formats.prometheus import prometheus  # noqa: PLC0415

        return prometheus(report)
    if form is Format.NAGIOS:
        from rigcheck.report.formats.nagios import nagios  # noqa: PLC0415

        return nagios(report)
    if form is Format.JUNIT:
        from rigcheck.report.formats.junit import junit  # noqa: PLC0415

        return junit(report)
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"
