"""Keeps each run in a file of its own, from its first measurement on.

While a run lasts, every event is appended as a line to `ID.part.jsonl`; when it is whole, the
report is written beside it and renamed to `ID.json`, and the lines go. What a crash, a dropped
line or a full disk leaves is the lines until then.
"""

import contextlib
import fcntl
import json
import os
import time
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from rigcheck.bench.events import BenchEvent, BenchFinished
from rigcheck.report.report import Report


def runs_dir() -> Path:
    """Where runs are kept: the user's data directory (XDG_DATA_HOME is respected)."""
    return platformdirs.user_data_path("rigcheck") / "runs"


class RunFile:
    """One run's file. It never raises: `problem` says why a run is not kept, and work goes on."""

    def __init__(self, directory: Path) -> None:
        run_id = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}"
        self.path = directory / f"{run_id}.json"
        self._lines_path = directory / f"{run_id}.part.jsonl"
        self._fd: int | None = None
        self.problem = ""
        try:
            directory.mkdir(parents=True, exist_ok=True)
            # One write a line at the end of the file: a line is there whole or not at all.
            self._fd = os.open(
                self._lines_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600
            )
        except OSError as error:
            self._give_up(error)
            return
        # By it whoever finds the lines tells a run at work from one that was interrupted.
        with contextlib.suppress(OSError):  # not every filesystem has locks
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def append(self, event: BenchEvent) -> None:
        """Keeps what was just measured."""
        if self._fd is None or isinstance(event, BenchFinished):
            return  # the whole run is in the report that follows
        line = json.dumps({"event": type(event).__name__, **_builtins(event)})
        try:
            os.write(self._fd, line.encode() + b"\n")
        except OSError as error:
            self._give_up(error)

    def finish(self, report: Report) -> bool:
        """Writes the report in place of the lines; False when it could not be kept."""
        if self._fd is None:
            return False
        unfinished = self.path.with_suffix(".tmp")
        try:
            unfinished.touch(mode=0o600)
            unfinished.write_bytes(msgspec.json.encode(report))
            unfinished.rename(self.path)
        except OSError as error:
            self._give_up(error)
            with contextlib.suppress(OSError):
                unfinished.unlink()
            return False
        self._close()
        with contextlib.suppress(OSError):
            self._lines_path.unlink()
        return True

    def _give_up(self, error: OSError) -> None:
        self.problem = f"{self.path.parent}: {error.strerror or error}"
        self._close()

    def _close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def _builtins(event: BenchEvent) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(event)
    return fields
