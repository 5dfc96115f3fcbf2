"""Starts the process of a task, and ends it.

What is said between is the business of `rigcheck.child`. Apart from it, and without the types of
facts: a check starts its first processes before it loads those (`rigcheck.head_start`).
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from rigcheck.oom_kills import read_oom_kills

_BOOTSTRAP = os.path.join(os.path.dirname(__file__), "target", "bootstrap.py")  # noqa: PTH118, PTH120
_KILL_WAIT_S = 3.0


class TaskProcess:
    """A process that runs one task.

    It dies with the thread that makes it, where the kernel sees to that, else with our process.

    Attributes:
        popen: the process, which leads a group of its own.
        wire_fd: where its events come from.
        fault_fd: a file in which it leaves its last instruction.
        exit_fd: readable once it has ended; None where the system has no such thing.
        started_s: `time.monotonic()` of its start.
        oom_kills_before: `read_oom_kills` of before.
    """

    def __init__(
        self,
        python: str,
        task: str,
        arguments: Mapping[str, Any],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Starts it.

        Args:
            python: path of the interpreter.
            task: full name of the module; in a foreign interpreter one of `rigcheck.target`.
            arguments: what the task's `run` gets; must be JSON.
            environment: the whole environment, or None for our own.

        Raises:
            OSError: if the interpreter cannot be started.
        """
        self.started_s = time.monotonic()
        self.oom_kills_before = read_oom_kills()
        read_fd, write_fd = os.pipe()
        self.fault_fd = _anonymous_file()
        fds = (write_fd, self.fault_fd)
        try:
            self.popen = subprocess.Popen(
                [python, _BOOTSTRAP, *map(str, fds), task, json.dumps(arguments)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=None if environment is None else dict(environment),
                pass_fds=fds,
                start_new_session=True,
            )
        except BaseException:
            os.close(read_fd)
            os.close(self.fault_fd)
            raise
        finally:
            os.close(write_fd)
        self.wire_fd = read_fd
        self.exit_fd = _pid_fd(self.popen.pid)

    def kill(self) -> None:
        """Kills the group: the process, if it is still there, and whatever it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(_KILL_WAIT_S)

    def close(self) -> None:
        """Closes all that is open between it and us."""
        for fd in (self.wire_fd, self.fault_fd, self.exit_fd):
            if fd is not None:
                os.close(fd)
        for stream in (self.popen.stdin, self.popen.stdout, self.popen.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


Launch: TypeAlias = Callable[[str, str, Mapping[str, Any], Mapping[str, str] | None], TaskProcess]
"""Gives a process that runs this task in this interpreter, as the class `TaskProcess` does."""


def _anonymous_file() -> int:
    """A file without a name, in memory where the system can."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("rigcheck")
    import tempfile  # noqa: PLC0415 -- Linux, where checks are to be fast, does without it

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _pid_fd(pid: int) -> int | None:
    """A descriptor that is readable once the process has ended; None before Linux 5.3."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None
