"""What a command leaves behind: the report on stdout, the run on disk, and the exit code."""

import argparse
import io
import os
import sys

from rigcheck.errors import ExitCode, RigcheckError
from rigcheck.findings import Verdict
from rigcheck.report.formats import Format, render
from rigcheck.report.layout import Style
from rigcheck.report.report import Report
from rigcheck.terminal import Glyphs, Terminal, read_terminal

_LEVELS = {
    "fail": {Verdict.FAIL},
    "warn": {Verdict.FAIL, Verdict.WARN},
    "unknown": {Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN},
    "never": set[Verdict](),
}
_NARROWEST, _WIDEST = 40, 100


def show(report: Report, options: argparse.Namespace) -> ExitCode:
    """Prints the report as the options say.

    Raises:
        RigcheckError: if stdout cannot take it.
    """
    form = chosen_format(options)
    style = text_style(read_terminal(), is_plain=getattr(options, "plain", False))
    text = render(report, form, is_redacted=is_redacted(options, form), style=style)
    # What programs read has one encoding, whatever the locale's is.
    write_out(text, encoding=None if form is Format.TEXT else "utf-8")
    return exit_code(report, getattr(options, "fail_on", "fail"))


def chosen_format(options: argparse.Namespace) -> Format:
    """What `--format` or `--json` asks for; text without either."""
    return (
        Format.JSON
        if getattr(options, "json", False)
        else Format(getattr(options, "format", "text"))
    )


def is_redacted(options: argparse.Namespace, form: Format) -> bool:
    """True where what is private is to be taken out: of all that is made to be shown to others."""
    return not getattr(options, "no_redact", False) and (
        form.is_shared or getattr(options, "share", False)
    )


def text_style(terminal: Terminal, *, is_plain: bool) -> Style:
    """How text may look on this terminal."""
    width = min(max(terminal.columns, _NARROWEST), _WIDEST)
    return Style(
        symbols=not is_plain and terminal.glyphs is not Glyphs.ASCII,
        colour=not is_plain and terminal.colour,
        width=width if terminal.stdout_is_tty else _WIDEST,
    )


def exit_code(report: Report, fail_on: str) -> ExitCode:
    """What a script is told of the report."""
    if report.interrupted:
        return ExitCode.INTERRUPTED
    wrong = any(finding.verdict in _LEVELS[fail_on] for finding in report.findings)
    return ExitCode.FINDINGS if wrong else ExitCode.OK


def write_out(text: str, encoding: str | None = None) -> None:
    """Writes all of it, or says why not.

    Raises:
        RigcheckError: if stdout cannot take it; a reader who closed it early is no error.
    """
    # A locale that cannot spell a device's name must not cost us the report.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=encoding or sys.stdout.encoding, errors="replace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # What the reader wanted it has, and our exit code still tells the verdict.
        _discard_stdout()
    except OSError as error:
        _discard_stdout()
        raise RigcheckError(f"the report could not be written: {error.strerror}") from error


def _discard_stdout() -> None:
    """Lets the interpreter's own flush at the end find nothing to fail on."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
