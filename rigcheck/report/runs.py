"""Which run is meant: by its id or the beginning of it, `last`, `previous`, or a file."""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from rigcheck.errors import RigcheckError, UsageError
from rigcheck.report.history import History, StoredRun, is_running, read_history
from rigcheck.report.names import LINES_SUFFIX, RUN_SUFFIX, run_id, stem_of
from rigcheck.report.read import read_report
from rigcheck.report.report import Report
from rigcheck.report.unfinished import read_unfinished

LAST, PREVIOUS = "last", "previous"
_HINT = "rigcheck history lists the runs"
_MAX_NAMED = 5


def open_run(word: str, directory: Path) -> tuple[str, Report]:
    """The run that a word means, and its id, or its path where it is a file of one's own.

    Raises:
        UsageError: if there is none, or the word means several.
        RigcheckError: if it is damaged.
    """
    if word in (LAST, PREVIOUS):
        path = Path(_recent(word, read_history(directory)).path)
    elif os.sep in word or (word.endswith(RUN_SUFFIX) and Path(word).exists()):
        return word, read_report(Path(word))
    else:
        path = find_run(word, directory)
    is_unfinished = path.name.endswith(LINES_SUFFIX)
    return run_id(path), read_unfinished(path) if is_unfinished else read_report(path)


def find_run(word: str, directory: Path) -> Path:
    """The file of the run whose id, or whose file's name, begins with this word.

    Raises:
        UsageError: if there is none, or several.
    """
    files = {path for path in _files(directory) if _is_meant(word, path)}
    exact = {path for path in files if word in (run_id(path), stem_of(path))}
    meant = sorted(exact or files)
    if not meant:
        raise UsageError(f"no such run: {word}", hint=_HINT)
    if len(meant) > 1:
        some = [stem_of(path) for path in meant[:_MAX_NAMED]]
        more = f" and {len(meant) - len(some)} more" if len(meant) > len(some) else ""
        raise UsageError(f"{word} means several runs: {', '.join(some)}{more}", hint=_HINT)
    return meant[0]


def remove_runs(words: Sequence[str], directory: Path) -> list[str]:
    """Removes these runs, or none where one of the words does not mean exactly one.

    Returns:
        The ids of what was removed.

    Raises:
        UsageError: for a word that means no run, several, or one that lasts still.
        RigcheckError: if a file cannot be removed.
    """
    paths = dict.fromkeys(_removable(word, directory) for word in words)
    try:
        for path in paths:
            path.unlink(missing_ok=True)
            # A run that ended between two of its last steps has both.
            path.with_name(f"{stem_of(path)}{LINES_SUFFIX}").unlink(missing_ok=True)
    except OSError as error:
        raise RigcheckError(f"{error.filename}: {error.strerror or error}") from error
    return [stem_of(path) for path in paths]


def _removable(word: str, directory: Path) -> Path:
    if word in (LAST, PREVIOUS):
        raise UsageError(f"{word} may be another run by now: name it by its id", hint=_HINT)
    path = find_run(word, directory)
    if path.name.endswith(LINES_SUFFIX) and is_running(path):
        raise UsageError(
            f"run {run_id(path)} lasts still", hint="it can be removed when it is over"
        )
    return path


def _recent(word: str, history: History) -> StoredRun:
    """The newest run; `previous` is the one before it of the same kind, check or benchmark."""
    if not history.runs:
        raise UsageError("no run is kept yet", hint="rigcheck bench keeps one")
    last = history.runs[-1]
    if word == LAST:
        return last
    earlier = [run for run in history.runs[:-1] if run.head.has_bench is last.head.has_bench]
    if not earlier:
        kind = "benchmark" if last.head.has_bench else "check"
        raise UsageError(f"no {kind} is kept from before the last run", hint=_HINT)
    return earlier[-1]


def _files(directory: Path) -> list[Path]:
    """One a run: its report, or, while there is none, its lines."""
    found: dict[str, Path] = {}
    with contextlib.suppress(OSError):
        for entry in os.scandir(directory):
            path = Path(entry.path)
            if path.name.endswith(RUN_SUFFIX):
                found[stem_of(path)] = path
            elif path.name.endswith(LINES_SUFFIX):
                found.setdefault(stem_of(path), path)
    return list(found.values())


def _is_meant(word: str, path: Path) -> bool:
    # An id's beginning, or a file's name as a list of files shows it; all names begin with a date.
    return bool(word) and (run_id(path).startswith(word) or stem_of(path) == word)
