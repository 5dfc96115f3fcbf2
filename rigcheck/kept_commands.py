"""What the commands on kept runs do: list, show, remove, compare."""

import argparse
import re
import sys

import msgspec

from rigcheck.errors import ExitCode, UsageError
from rigcheck.findings import Verdict
from rigcheck.output import show, text_style, write_out
from rigcheck.report.history import Filter, filtered, read_history
from rigcheck.report.history_text import history_text, skipped_text
from rigcheck.report.layout import Style
from rigcheck.report.runs import LAST, PREVIOUS, open_run, remove_runs
from rigcheck.report.store import runs_dir
from rigcheck.terminal import plain, read_terminal

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?)?)?)?Z?")


def history_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck history`. What is no run is told on stderr."""
    wish = Filter(
        since=_date(options.since),
        until=_date(options.until),
        device=options.device,
        verdict=Verdict(options.verdict) if options.verdict else None,
        words=tuple(options.words),
    )
    history = read_history(runs_dir())
    listed = msgspec.structs.replace(history, runs=filtered(history.runs, wish))
    is_filtered = wish != Filter()
    if is_filtered:
        listed = msgspec.structs.replace(listed, unfinished=())
    for line in skipped_text(history.skipped):
        print(f"rigcheck: skipped: {plain(line)}", file=sys.stderr)
    if getattr(options, "json", False):
        write_out(_json(listed))
    else:
        write_out(history_text(listed, _style(options), is_filtered=is_filtered))
    return ExitCode.OK


def report_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck report`: its exit code is 0, whatever was found then."""
    _, report = open_run(options.run, runs_dir())
    show(report, options)
    return ExitCode.OK


def rm_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck rm`."""
    for name in remove_runs(options.runs, runs_dir()):
        write_out(f"removed {plain(name)}\n")
    return ExitCode.OK


def compare_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck compare`."""
    # Its rules and words are its own.
    from rigcheck.compare.compare import compare  # noqa: PLC0415
    from rigcheck.compare.options import parse_loss, parse_prices  # noqa: PLC0415
    from rigcheck.compare.regressions import regressions  # noqa: PLC0415
    from rigcheck.compare.text import comparison_text  # noqa: PLC0415

    limit = options.fail_on_regression
    least_loss = None if limit is None else parse_loss(limit)
    prices = parse_prices(options.price)
    opened = [open_run(word, runs_dir()) for word in _runs_asked_for(options.runs)]
    comparison = compare(opened, prices)
    if getattr(options, "json", False):
        write_out(_json(comparison))
    else:
        write_out(comparison_text(comparison, _style(options)))
    if least_loss is None:
        return ExitCode.OK
    lost = regressions(comparison, least_loss)
    for words in lost:
        print(f"rigcheck: {plain(words)}", file=sys.stderr)
    return ExitCode.FINDINGS if lost else ExitCode.OK


def _runs_asked_for(words: list[str]) -> list[str]:
    if not words:
        return [PREVIOUS, LAST]
    return [*words, LAST] if len(words) == 1 else words


def _date(text: str) -> str:
    if text and not _DATE.fullmatch(text):
        raise UsageError(f"no date: {text}", hint="2026-11-23, or 2026-11; in UTC")
    return text


def _style(options: argparse.Namespace) -> Style:
    return text_style(read_terminal(), is_plain=getattr(options, "plain", False))


def _json(content: msgspec.Struct) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"
