"""The command line: commands, options and exit codes.

A room is imported only when a command needs it, so that `--help` and `--version` are instant.
"""

import argparse
import contextlib
import gc
import math
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from rigcheck import __version__
from rigcheck.errors import ExitCode, RigcheckError

# As rigcheck.report.formats.Format has them, which `--help` need not load.
_FORMATS = ("text", "json", "markdown", "html", "prometheus", "nagios", "junit")
_ADVICE_FORMATS = ("text", "json", "markdown", "html")
_FAIL_ON = ("fail", "warn", "unknown", "never")
_DESCRIPTION = """\
Checks a deep-learning machine, names the one cause of what is wrong with its
remedy, and trains LeNet on every device to prove it. Without a command it
starts the terminal interface, or, where there is no terminal, prints what
`check` prints.
"""
_EPILOG = """\
exit codes:
  0  nothing at or above the --fail-on level (default: fail)
  1  something is
  2  wrong usage
  3  rigcheck itself could not do its work
  130  interrupted
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return _dispatch(options)
    except RigcheckError as error:
        _tell_error(str(error), error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        _tell_error("interrupted", "")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing more to say, and no traceback from
        # the interpreter's own flush at the end.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK


def _dispatch(options: argparse.Namespace) -> int:
    if options.command is None:
        from rigcheck import start  # noqa: PLC0415 -- see above

        return start.start_command(options)
    if options.command == "bench":
        from rigcheck.bench_command import bench_command  # noqa: PLC0415

        return bench_command(options)
    return _command(options.command)(options)


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    if name == "check":
        # Modules, rules and facts stay to the end: to look for garbage among them, again and again
        # as they are made, takes a seventh of a check.
        gc.disable()
        from rigcheck.check_command import check_command  # noqa: PLC0415

        return check_command
    if name in ("history", "report", "rm", "compare"):
        from rigcheck import kept_commands  # noqa: PLC0415

        return {
            "history": kept_commands.history_command,
            "report": kept_commands.report_command,
            "rm": kept_commands.rm_command,
            "compare": kept_commands.compare_command,
        }[name]
    from rigcheck import commands  # noqa: PLC0415

    return {
        "explain": commands.explain_command,
        "advise": commands.advise_command,
        "judge": commands.judge_command,
        "rules": commands.rules_command,
    }[name]


def _tell_error(message: str, hint: str) -> None:
    from rigcheck.terminal import plain  # noqa: PLC0415

    print(f"rigcheck: {plain(message)}", file=sys.stderr)
    if hint:
        print(f"\nhint: {plain(hint)}", file=sys.stderr)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(ExitCode.USAGE, f"{self.prog}: {message}\n\nhint: {self.prog} --help\n")


def _parser() -> _Parser:
    common, bench = _common_options(), _bench_options()
    look, form = _look_options(), _format_options()
    judging = [common, _output_options()]
    parser = _Parser(
        prog="rigcheck",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common, bench],
    )
    parser.add_argument("--version", action="version", version=f"rigcheck {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    check = commands.add_parser(
        "check",
        help="probe and judge this machine; print facts, verdicts and remedies",
        parents=[*judging, form],
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument(
        "--all-pythons",
        action="store_true",
        help="find this user's environments and tell of each, in a line, what sees the GPU",
    )
    check.add_argument(
        "--only",
        action="append",
        metavar="PART",
        help="judge only these parts of the machine (several times): "
        "host, cpu, memory, storage, network, pci, driver, kernel_log, nvml, python, torch, "
        "frameworks, toolkit, environment; compile with --compile, vram with --vram-test",
    )
    check.add_argument(
        "--compile",
        action="store_true",
        help="also try torch.compile on each device, and the compilers of Numba and PyTensor where "
        "they are: 5 s to a minute",
    )
    check.add_argument(
        "--vram-test",
        action="store_true",
        help="also write patterns to the free memory of each GPU and read them back: 10 s to a "
        "minute a GPU, best with nothing else running on it",
    )
    commands.add_parser(
        "bench",
        help="check, then train LeNet on each device and compare their speed",
        parents=[*judging, form, bench],
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    explain = commands.add_parser(
        "explain",
        help="judge a machine by a text: collect_env, nvidia-smi, lscpu, an error, an issue",
        parents=[*judging, form],
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    explain.add_argument("file", metavar="FILE", help="the text; - for stdin")
    commands.add_parser(
        "advise",
        help="what to install here and what the machine serves for, before anything is installed",
        parents=[*judging, _format_options(_ADVICE_FORMATS)],
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    judge = commands.add_parser(
        "judge",
        help="judge the facts of a stored report again, with the rules and tables of today",
        parents=[*judging, form],
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    judge.add_argument("report", metavar="REPORT.json", type=Path, help="from --json, or kept")
    rules = commands.add_parser("rules", help="list the rules, or explain one")
    rules.add_argument("id", metavar="ID", nargs="?", help="what a finding is named by")
    _add_kept_commands(commands, look, form)
    return parser


def _add_kept_commands(
    commands: "argparse._SubParsersAction[_Parser]", look: _Parser, form: _Parser
) -> None:
    history = commands.add_parser(
        "history", help="list the runs that are kept, the newest last", parents=[look]
    )
    history.add_argument("words", metavar="TEXT", nargs="*", help="each somewhere in its line")
    history.add_argument("--since", metavar="DATE", default="", help="2026-11-23, or 2026-11; UTC")
    history.add_argument("--until", metavar="DATE", default="", help="that day is in")
    history.add_argument("--device", metavar="NAME", default="", help="part of a device's name")
    history.add_argument(
        "--verdict",
        choices=("fail", "warn", "unknown", "pass", "skip"),
        help="with a finding of this verdict",
    )
    report = commands.add_parser(
        "report",
        help="show a kept run again, as it was judged then",
        parents=[look, form],
    )
    report.add_argument(
        "run",
        metavar="RUN",
        nargs="?",
        default="last",
        help="an id's beginning, last (default), previous, or a report's file",
    )
    remove = commands.add_parser("rm", help="remove kept runs")
    remove.add_argument("runs", metavar="RUN", nargs="+", help="an id's beginning")
    _add_compare_command(commands, look)


def _add_compare_command(commands: "argparse._SubParsersAction[_Parser]", look: _Parser) -> None:
    compare = commands.add_parser(
        "compare",
        help="what changed between runs, in the machine and in its speed, and why",
        parents=[look],
    )
    compare.add_argument(
        "runs",
        metavar="RUN",
        nargs="*",
        help="an id's beginning, last, previous, or a report's file; the first is what the others "
        "are held against (default: previous last)",
    )
    compare.add_argument(
        "--price",
        action="append",
        default=[],
        metavar="NAME=250",
        help="what a device costs, by a part of its name, for images/s by price (several times)",
    )
    compare.add_argument(
        "--fail-on-regression",
        metavar="10%",
        help="exit code 1 where a device got slower by this much or more, beyond its interval",
    )


def _look_options() -> _Parser:
    options = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    options.add_argument("--json", action="store_true", help="print JSON")
    options.add_argument("--plain", action="store_true", help="plain text: no colour, no symbols")
    return options


def _common_options() -> _Parser:
    # Unset options stay out of the namespace: the same option before and after the command must
    # not overwrite itself with a default.
    options = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    options.add_argument(
        "--python",
        action="append",
        metavar="PATH",
        help="interpreter to check: an executable, an environment's folder, or a name on PATH; "
        "for `check` several times (default: the active environment's, else rigcheck's own)",
    )
    options.add_argument(
        "--nvml-library",
        metavar="PATH",
        help="the driver's libnvidia-ml.so to ask (default: the one that the loader finds)",
    )
    options.add_argument(
        "--plain", action="store_true", help="plain text: no colour, no symbols, no interface"
    )
    options.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="where MNIST lies: torchvision's folders or its four files (default: digits that "
        "rigcheck draws itself)",
    )
    return options


def _output_options() -> _Parser:
    options = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    options.add_argument("--json", action="store_true", help="print the report as JSON")
    options.add_argument(
        "--fail-on",
        choices=_FAIL_ON,
        help="the least verdict that makes the exit code 1 (default: fail)",
    )
    return options


def _format_options(formats: Sequence[str] = _FORMATS) -> _Parser:
    options = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    monitoring = "; prometheus, nagios and junit are for monitoring and CI"
    options.add_argument(
        "--format",
        choices=formats,
        help="markdown and html are for others to see: what is private is taken out of them"
        + (monitoring if "nagios" in formats else "")
        + " (default: text)",
    )
    privacy = options.add_mutually_exclusive_group()
    privacy.add_argument(
        "--share",
        action="store_true",
        help="take out what is private (names, home paths, addresses, serials, UUIDs, keys) "
        "in every format",
    )
    privacy.add_argument(
        "--no-redact",
        action="store_true",
        help="leave it in, for yourself, in markdown and html, too",
    )
    return options


def _positive(kind: Callable[[str], float]) -> Callable[[str], float]:
    def convert(text: str) -> float:
        number = kind(text)
        if not 0 < number < math.inf:
            raise argparse.ArgumentTypeError(f"{text} is not a positive number")
        return number

    convert.__name__ = getattr(kind, "__name__", "number")  # argparse names it in its message
    return convert


def _price(text: str) -> tuple[str, float]:
    """`NAME=250`."""
    name, equals, price = text.rpartition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"{text} is not NAME=PRICE")
    try:
        return name, _positive(float)(price)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{price} is not a price") from None


def _bench_options() -> _Parser:
    options = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    options.add_argument(
        "--device",
        action="append",
        metavar="NAME",
        help="device to train on (several times): cpu, gpu, 0, cuda:0, a UUID's start "
        "(default: all)",
    )
    length = options.add_mutually_exclusive_group()
    length.add_argument(
        "--seconds",
        type=_positive(float),
        metavar="S",
        help="training time a device, at most (default: 10)",
    )
    length.add_argument(
        "--epochs", type=_positive(int), metavar="N", help="whole passes over the training images"
    )
    options.add_argument(
        "--full",
        action="store_true",
        help="measure every form of the training step, batch sizes, thread counts and ceilings "
        "as well; takes minutes",
    )
    options.add_argument(
        "--threads", type=_positive(int), metavar="N", help="CPU threads (default: torch's choice)"
    )
    options.add_argument(
        "--price",
        action="append",
        type=_price,
        metavar="NAME=PRICE",
        help="what a device has cost (several times): tells images/s for the money",
    )
    options.add_argument(
        "--download",
        action="store_true",
        help="fetch MNIST into --data-dir first, through torchvision",
    )
    return options
