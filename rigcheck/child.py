"""Children: processes in which something may crash, hang or print garbage without taking us along.

A child runs one task, a module with `run(wire, arguments)`, in any interpreter and sends JSON lines
on a pipe of its own. `Child.events` yields them and ends when the child does; how it ended is in
`Child.death`. What is asked of it meanwhile goes down its stdin (`Child.order`). None is left
behind: the child has a process group of its own, which is killed when it ends, and it watches its
stdin, which closes with us.
"""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from rigcheck.launching import Launch, TaskProcess

if TYPE_CHECKING:
    from rigcheck.last_words import Remains

_TAIL_BYTES = 16_384
_LINE_LIMIT_BYTES = 16 * 1024 * 1024
_READ_BYTES = 65_536
_GRACE_S = 2.0
_POLL_S = 0.2
_INSTRUCTION_BYTES = 16


class Death(msgspec.Struct, frozen=True, kw_only=True):
    """How a child ended other than well."""

    stage: str
    """The last stage it announced."""
    reason: str
    """In words: `died of SIGILL (illegal instruction)`, `ended with exit code 3`, `no answer …`."""
    signal: int | None = None
    timed_out: bool = False
    error_kind: str = ""
    """Type of the Python exception, where it was one."""
    traceback: str = ""
    output_tail: str = ""
    """The end of what it printed, stderr last."""
    device: str = ""
    """Where that stage ran, if it was on a device."""
    stage_s: float = 0.0
    """How long it had been in that stage."""

    @property
    def where(self) -> str:
        """`BLAS on cuda:0`."""
        return f"{self.stage} on {self.device}" if self.device else self.stage


class Child:
    """One task in one interpreter. Use as a context manager: leaving it ends the process."""

    def __init__(
        self,
        python: str,
        task: str,
        arguments: Mapping[str, Any],
        *,
        environment: Mapping[str, str] | None = None,
        launch: Launch = TaskProcess,
    ) -> None:
        """Starts it.

        Args:
            python: path of the interpreter.
            task: full name of the module; in a foreign interpreter one of `rigcheck.target`.
            arguments: what the task's `run` gets; must be JSON.
            environment: the whole environment, or None for our own.
            launch: gives the process; one that is running already, maybe.

        Raises:
            OSError: if the interpreter cannot be started.
        """
        self.death: Death | None = None
        self.stage = "start"
        self._device = ""
        self._stopped = False
        self._tails = {"stdout": b"", "stderr": b""}
        self._error: dict[str, Any] | None = None
        self._ended_well = False
        self._over = False
        self._task = launch(python, task, arguments, environment)
        self._process = self._task.popen
        self._stage_since_s = self._task.started_s
        streams = (getattr(self._process, name) for name in self._tails)
        for fd in (self._task.wire_fd, *(stream.fileno() for stream in streams)):
            os.set_blocking(fd, False)

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(grace_s=0.0)
        self._task.close()

    @property
    def pid(self) -> int:
        """Process id, which is its process group's, too."""
        return self._process.pid

    def events(self, timeout_s: float | None = None) -> Iterator[dict[str, Any]]:
        """Yields each event but `stage`, `error` and `end`, which are kept here.

        Args:
            timeout_s: the whole task's limit; past it the child gets SIGTERM, upon which it leaves
                word of the line it hangs in, then SIGKILL. None for no limit.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        buffer = bytearray()
        with self._selector() as selector:
            while not self._over:
                wait_s = _POLL_S if self._task.exit_fd is None else None
                if deadline is not None:
                    left_s = deadline - time.monotonic()
                    if left_s <= 0:
                        self._terminate()
                        self._settle(timed_out_s=timeout_s)
                        return
                    wait_s = left_s if wait_s is None else min(left_s, wait_s)
                ready = {key.data for key, _ in selector.select(wait_s)}
                gone = "exit" in ready or self._process.poll() is not None
                for name in self._tails:
                    self._read_tail(name, selector)
                yield from self._read_wire(buffer, closed=gone)
        self._settle()

    def order(self, order: Mapping[str, Any]) -> None:
        """Asks something of a task that heeds orders. One that is gone says so in its `death`."""
        stdin = self._process.stdin
        with contextlib.suppress(OSError, ValueError):
            if stdin is not None:
                stdin.write(json.dumps(order).encode() + b"\n")
                stdin.flush()

    def stop(self, grace_s: float = _GRACE_S) -> None:
        """Ends the child: its stdin closes, then comes SIGKILL. Safe from any thread."""
        if self._process.returncode is not None:
            return
        self._stopped = True
        with contextlib.suppress(OSError, ValueError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        if grace_s > 0:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace_s)
        self._task.kill()

    @property
    def stopped(self) -> bool:
        """True once we asked it to end: then its end is no finding."""
        return self._stopped

    def _selector(self) -> selectors.BaseSelector:
        selector = selectors.DefaultSelector()
        selector.register(self._task.wire_fd, selectors.EVENT_READ, "wire")
        for name in self._tails:
            selector.register(getattr(self._process, name), selectors.EVENT_READ, name)
        if self._task.exit_fd is not None:
            selector.register(self._task.exit_fd, selectors.EVENT_READ, "exit")
        return selector

    def _read_wire(self, buffer: bytearray, *, closed: bool) -> Iterator[dict[str, Any]]:
        """Takes what is on the wire. `closed`: the child is gone, so nothing can follow.

        A process that the child forked may hold the wire open; the child's own end counts.
        """
        while True:
            chunk = _read(self._task.wire_fd)
            if chunk is None:
                self._over = self._over or closed
                return
            if not chunk or len(buffer) > _LINE_LIMIT_BYTES:
                self._over = True
                return
            buffer += chunk
            yield from self._take_lines(buffer)

    def _take_lines(self, buffer: bytearray) -> Iterator[dict[str, Any]]:
        while (end := buffer.find(b"\n")) >= 0:
            raw = bytes(buffer[:end])
            del buffer[: end + 1]
            try:
                event = json.loads(raw)
                kind = event["event"]
            except (ValueError, TypeError, KeyError):
                continue  # somebody else wrote on our descriptor; our own lines are whole
            if kind == "stage":
                self.stage, self._device = event["name"], event.get("device", "")
                self._stage_since_s = time.monotonic()
            elif kind == "error":
                self._error, self._over = event, True
            elif kind == "end":
                self._ended_well = self._over = True
            else:
                yield event

    def _read_tail(self, name: str, selector: selectors.BaseSelector | None = None) -> None:
        stream = getattr(self._process, name)
        while chunk := _read(stream.fileno()):
            self._tails[name] = (self._tails[name] + chunk)[-_TAIL_BYTES:]
        if chunk == b"" and selector is not None:
            with contextlib.suppress(KeyError):
                selector.unregister(stream)

    def _settle(self, timed_out_s: float | None = None) -> None:
        """Waits for the end and says how it was."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_S)
        is_silent = self._process.returncode is None and not self._ended_well
        self._task.kill()
        code = self._process.returncode
        for name in self._tails:
            self._read_tail(name)
        if timed_out_s is None and self._ended_well:
            return
        if is_silent and timed_out_s is None and self._error is None:
            self.death = self._died_as("it closed its line to us and did not end")
            return
        self.death = self._describe(code, timed_out_s)

    def _describe(self, code: int | None, timed_out_s: float | None) -> Death:
        if timed_out_s is not None:
            return self._died_as(self._hang_text(code, timed_out_s), timed_out=True)
        if self._error is not None:
            kind = self._error["kind"]
            return self._died_as(
                f"{kind}: {self._error['message']}",
                error_kind=kind,
                traceback=self._error["traceback"],
            )
        if code is not None and code < 0:
            # What reads the remains of a process is loaded when there is one.
            from rigcheck.last_words import signal_text  # noqa: PLC0415

            return self._died_as(signal_text(-code, self._remains()), signal=-code)
        return self._died_as(f"ended with exit code {code} and no word")

    def _died_as(self, reason: str, **told: Any) -> Death:
        return Death(
            stage=self.stage,
            device=self._device,
            stage_s=time.monotonic() - self._stage_since_s,
            reason=reason,
            output_tail=self._printed(),
            **told,
        )

    def _hang_text(self, code: int | None, limit_s: float) -> str:
        reason = f"no answer within {limit_s:g} s"
        if code is None:
            return f"{reason}, and it cannot be killed: it waits inside the kernel"
        from rigcheck.last_words import parse_python_line  # noqa: PLC0415 -- as above

        python = parse_python_line(self._printed())
        return f"{reason}, hanging in {python}" if python else reason

    def _printed(self) -> str:
        return b"".join(self._tails.values()).decode(errors="replace")

    def _terminate(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_S)

    def _remains(self) -> "Remains":
        from rigcheck.last_words import Remains  # noqa: PLC0415 -- as above

        return Remains(
            pid=self._process.pid,
            started_s=self._task.started_s,
            code=os.pread(self._task.fault_fd, _INSTRUCTION_BYTES, 0),
            printed=self._printed(),
            oom_kills_before=self._task.oom_kills_before,
        )


def _read(fd: int) -> bytes | None:
    """What is there; b"" at the end, None when there is nothing yet."""
    try:
        return os.read(fd, _READ_BYTES)
    except BlockingIOError:
        return None
