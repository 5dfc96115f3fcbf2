"""The commands: what each runs, and what becomes of its errors.

A room is imported only when a command needs it, so that `--help` and `--version` are instant.
"""

import argparse
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Sequence

from rigcheck.command_line import parse
from rigcheck.errors import ExitCode, RigcheckError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = parse(arguments)
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
        return _check
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


def _check(options: argparse.Namespace) -> int:
    # Modules, rules and facts stay to the end: to look for garbage among them, again and again as
    # they are made and once more when the interpreter ends, takes a quarter of a check.
    gc.disable()
    from rigcheck.check_command import check_command  # noqa: PLC0415 -- see above

    try:
        return check_command(options)
    finally:
        gc.freeze()


def _tell_error(message: str, hint: str) -> None:
    from rigcheck.terminal import plain  # noqa: PLC0415

    print(f"rigcheck: {plain(message)}", file=sys.stderr)
    if hint:
        print(f"\nhint: {plain(hint)}", file=sys.stderr)
