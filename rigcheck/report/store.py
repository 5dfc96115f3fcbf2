"""Keeps each run in a file of its own, from its first measurement on.

While a run lasts, what the check found and then every event is appended as a line to
`TIME-ID.part.jsonl`, which is locked; when it is whole, the report is written beside it and renamed
to `TIME-ID.json`, and the lines go. What a crash, a dropped line or a full disk leaves is the lines
until then, and no lock.
"""

import contextlib
import fcntl
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from rigcheck.report.head import encode_stored
from rigcheck.report.names import (
    LINES_SUFFIX,
    RUN_SUFFIX,
    new_id,
    write_whole,
)
from rigcheck.report.report import Report
from rigcheck.report.upkeep import keep_within
from rigcheck.user_data import user_data_dir

if TYPE_CHECKING:
    from rigcheck.bench.events import BenchEvent

_CHECKED = "Checked"
"""The kind of the first line: the report of the check, before anything was measured."""


def runs_dir() -> Path:
    """Where runs are kept: the user's data directory (XDG_DATA_HOME is respected)."""
    return user_data_dir() / "runs"


class RunFile:
    """One run's file. It never raises: `problem` says why a run is not kept, and work goes on.

    Attributes:
        path: where the whole run will be.
        problem: why it is not kept; empty while it is.
        note: what else its keeper should be told: older runs gave up some of their samples.
    """

    def __init__(self, directory: Path) -> None:
        self.id = new_id()
        name = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{self.id}"
        self.path = directory / f"{name}{RUN_SUFFIX}"
        self._lines_path = directory / f"{name}{LINES_SUFFIX}"
        self._fd: int | None = None
        self.problem = ""
        self.note = ""
        try:
            directory.mkdir(parents=True, exist_ok=True)
            # One write a line at the end of the file: a line is there whole or not at all.
            self._fd = os.open(
                self._lines_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600
            )
        except OSError as error:
            self._give_up(error)
            return
        # Tells a run that lasts from one that broke off, whatever became of its process. Some
        # network file systems have no locks; a reader that looks for one holds it for a moment.
        with contextlib.suppress(OSError):
            fcntl.flock(self._fd, fcntl.LOCK_EX)

    def begin(self, checked: Report) -> None:
        """Keeps what the check found, before anything is measured."""
        self._write({"event": _CHECKED, "report": msgspec.to_builtins(checked)})

    def append(self, event: "BenchEvent") -> None:
        """Keeps what was just measured."""
        self._write({"event": type(event).__name__, **msgspec.to_builtins(event)})

    def finish(self, report: Report) -> bool:
        """Writes the report in place of the lines; False when it could not be kept."""
        if self._fd is None:
            return False
        try:
            write_whole(self.path, encode_stored(report))
        except OSError as error:
            self._give_up(error)
            return False
        with contextlib.suppress(OSError):
            self._lines_path.unlink()
        self._close()
        self.note = keep_within(self.path.parent, newest=self.path)
        return True

    def _write(self, line: dict[str, Any]) -> None:
        if self._fd is None:
            return
        try:
            os.write(self._fd, json.dumps(line).encode() + b"\n")
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.problem = f"{self.path.parent}: {error.strerror or error}"
        self._close()

    def _close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def keep(report: Report) -> RunFile:
    """Keeps a run that was over before there was anything to write: a check."""
    run_file = RunFile(runs_dir())
    run_file.finish(report)
    return run_file
