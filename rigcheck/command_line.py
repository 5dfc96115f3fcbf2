"""The command line: commands and options."""

import argparse
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from rigcheck import __version__
from rigcheck.errors import ExitCode

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
_Parser: TypeAlias = argparse.ArgumentParser
_Commands: TypeAlias = "argparse._SubParsersAction[_CommandParser]"  # noqa: SLF001 -- has no other name


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the words say, those of our own command line for None. Options not given are not there.

    Raises:
        SystemExit: after `--help` or `--version`, and where the words are wrong.
    """
    return _parser().parse_args(arguments)


class _StrictParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(ExitCode.USAGE, f"{self.prog}: {message}\n\nhint: {self.prog} --help\n")


class _CommandParser(_StrictParser):
    """Of one command; made when something is asked of it, for of all only one ever is."""

    def __init__(self, *, add: Callable[[_Parser], None], **how: Any) -> None:
        """`add`: gives it its options; `how`: as `ArgumentParser` takes it."""
        self._unmade = (add, how)

    def __getattr__(self, name: str) -> Any:
        unmade = self.__dict__.pop("_unmade", None)
        if unmade is None:
            raise AttributeError(name)
        add, how = unmade
        super().__init__(**how)
        add(self)
        return getattr(self, name)


def _parser() -> _Parser:
    parser = _StrictParser(
        prog="rigcheck",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_common(parser)
    _add_bench_options(parser)
    parser.add_argument("--version", action="version", version=f"rigcheck {__version__}")
    commands: _Commands = parser.add_subparsers(
        dest="command",
        metavar="COMMAND",
        title="commands",
        prog=parser.prog,
        parser_class=_CommandParser,
    )
    _add_judging_commands(commands)
    commands.add_parser("rules", help="list the rules, or explain one", add=_add_of_rules)
    _add_kept_commands(commands)
    return parser


def _add_judging_commands(commands: _Commands) -> None:
    for name, add, told in (
        (
            "check",
            _add_of_check,
            "probe and judge this machine; print facts, verdicts and remedies",
        ),
        ("bench", _add_of_bench, "check, then train LeNet on each device and compare their speed"),
        (
            "explain",
            _add_of_explain,
            "judge a machine by a text: collect_env, nvidia-smi, lscpu, an error, an issue",
        ),
        (
            "advise",
            _add_of_advise,
            "what to install here and what the machine serves for, before anything is installed",
        ),
        (
            "judge",
            _add_of_judge,
            "judge the facts of a stored report again, with the rules and tables of today",
        ),
    ):
        commands.add_parser(
            name,
            help=told,
            epilog=_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            add=add,
        )


def _add_of_check(parser: _Parser) -> None:
    _add_judging(parser)
    _add_format(parser)
    parser.add_argument(
        "--all-pythons",
        action="store_true",
        help="find this user's environments and tell of each, in a line, what sees the GPU",
    )
    parser.add_argument(
        "--only",
        action="append",
        metavar="PART",
        help="judge only these parts of the machine (several times): "
        "host, cpu, memory, storage, network, pci, driver, kernel_log, nvml, python, torch, "
        "frameworks, toolkit, environment; compile with --compile, vram with --vram-test",
    )
    parser.add_argument(
        "--compile",
        action="store_true",
        help="also try torch.compile on each device, and the compilers of Numba and PyTensor where "
        "they are: 5 s to a minute",
    )
    parser.add_argument(
        "--vram-test",
        action="store_true",
        help="also write patterns to the free memory of each GPU and read them back: 10 s to a "
        "minute a GPU, best with nothing else running on it",
    )


def _add_of_bench(parser: _Parser) -> None:
    _add_judging(parser)
    _add_format(parser)
    _add_bench_options(parser)


def _add_of_explain(parser: _Parser) -> None:
    _add_judging(parser)
    _add_format(parser)
    parser.add_argument("file", metavar="FILE", help="the text; - for stdin")


def _add_of_advise(parser: _Parser) -> None:
    _add_judging(parser)
    _add_format(parser, _ADVICE_FORMATS)


def _add_of_judge(parser: _Parser) -> None:
    _add_judging(parser)
    _add_format(parser)
    parser.add_argument("report", metavar="REPORT.json", type=Path, help="from --json, or kept")


def _add_of_rules(parser: _Parser) -> None:
    parser.add_argument("id", metavar="ID", nargs="?", help="what a finding is named by")


def _add_kept_commands(commands: _Commands) -> None:
    for name, add, told in (
        ("history", _add_of_history, "list the runs that are kept, the newest last"),
        ("report", _add_of_report, "show a kept run again, as it was judged then"),
        ("rm", _add_of_rm, "remove kept runs"),
        (
            "compare",
            _add_of_compare,
            "what changed between runs, in the machine and in its speed, and why",
        ),
    ):
        commands.add_parser(name, help=told, add=add)


def _add_of_history(parser: _Parser) -> None:
    _add_look(parser)
    parser.add_argument("words", metavar="TEXT", nargs="*", help="each somewhere in its line")
    parser.add_argument("--since", metavar="DATE", default="", help="2026-11-23, or 2026-11; UTC")
    parser.add_argument("--until", metavar="DATE", default="", help="that day is in")
    parser.add_argument("--device", metavar="NAME", default="", help="part of a device's name")
    parser.add_argument(
        "--verdict",
        choices=("fail", "warn", "unknown", "pass", "skip"),
        help="with a finding of this verdict",
    )


def _add_of_report(parser: _Parser) -> None:
    _add_look(parser)
    _add_format(parser)
    parser.add_argument(
        "run",
        metavar="RUN",
        nargs="?",
        default="last",
        help="an id's beginning, last (default), previous, or a report's file",
    )


def _add_of_rm(parser: _Parser) -> None:
    parser.add_argument("runs", metavar="RUN", nargs="+", help="an id's beginning")


def _add_of_compare(parser: _Parser) -> None:
    _add_look(parser)
    parser.add_argument(
        "runs",
        metavar="RUN",
        nargs="*",
        help="an id's beginning, last, previous, or a report's file; the first is what the others "
        "are held against (default: previous last)",
    )
    parser.add_argument(
        "--price",
        action="append",
        default=[],
        metavar="NAME=250",
        help="what a device costs, by a part of its name, for images/s by price (several times)",
    )
    parser.add_argument(
        "--fail-on-regression",
        metavar="10%",
        help="exit code 1 where a device got slower by this much or more, beyond its interval",
    )


def _add(parser: argparse._ActionsContainer, *names: str, **how: Any) -> None:
    """An option that several parsers have.

    Unset, it stays out of the namespace: the same option before and after the command must not
    overwrite itself with a default.
    """
    parser.add_argument(*names, default=argparse.SUPPRESS, **how)


def _add_judging(parser: _Parser) -> None:
    _add_common(parser)
    _add_output(parser)


def _add_look(parser: _Parser) -> None:
    _add(parser, "--json", action="store_true", help="print JSON")
    _add(parser, "--plain", action="store_true", help="plain text: no colour, no symbols")


def _add_common(parser: _Parser) -> None:
    _add(
        parser,
        "--python",
        action="append",
        metavar="PATH",
        help="interpreter to check: an executable, an environment's folder, or a name on PATH; "
        "for `check` several times (default: the active environment's, else rigcheck's own)",
    )
    _add(
        parser,
        "--nvml-library",
        metavar="PATH",
        help="the driver's libnvidia-ml.so to ask (default: the one that the loader finds)",
    )
    _add(
        parser,
        "--plain",
        action="store_true",
        help="plain text: no colour, no symbols, no interface",
    )
    _add(
        parser,
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="where MNIST lies: torchvision's folders or its four files (default: digits that "
        "rigcheck draws itself)",
    )


def _add_output(parser: _Parser) -> None:
    _add(parser, "--json", action="store_true", help="print the report as JSON")
    _add(
        parser,
        "--fail-on",
        choices=_FAIL_ON,
        help="the least verdict that makes the exit code 1 (default: fail)",
    )


def _add_format(parser: _Parser, formats: Sequence[str] = _FORMATS) -> None:
    monitoring = "; prometheus, nagios and junit are for monitoring and CI"
    _add(
        parser,
        "--format",
        choices=formats,
        help="markdown and html are for others to see: what is private is taken out of them"
        + (monitoring if "nagios" in formats else "")
        + " (default: text)",
    )
    privacy = parser.add_mutually_exclusive_group()
    _add(
        privacy,
        "--share",
        action="store_true",
        help="take out what is private (names, home paths, addresses, serials, UUIDs, keys) "
        "in every format",
    )
    _add(
        privacy,
        "--no-redact",
        action="store_true",
        help="leave it in, for yourself, in markdown and html, too",
    )


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


def _add_bench_options(parser: _Parser) -> None:
    _add(
        parser,
        "--device",
        action="append",
        metavar="NAME",
        help="device to train on (several times): cpu, gpu, 0, cuda:0, a UUID's start "
        "(default: all)",
    )
    length = parser.add_mutually_exclusive_group()
    _add(
        length,
        "--seconds",
        type=_positive(float),
        metavar="S",
        help="training time a device, at most (default: 10)",
    )
    _add(
        length,
        "--epochs",
        type=_positive(int),
        metavar="N",
        help="whole passes over the training images",
    )
    _add(
        parser,
        "--full",
        action="store_true",
        help="measure every form of the training step, batch sizes, thread counts and ceilings "
        "as well; takes minutes",
    )
    _add(
        parser,
        "--threads",
        type=_positive(int),
        metavar="N",
        help="CPU threads (default: torch's choice)",
    )
    _add(
        parser,
        "--price",
        action="append",
        type=_price,
        metavar="NAME=PRICE",
        help="what a device has cost (several times): tells images/s for the money",
    )
    _add(
        parser,
        "--download",
        action="store_true",
        help="fetch MNIST into --data-dir first, through torchvision",
    )
