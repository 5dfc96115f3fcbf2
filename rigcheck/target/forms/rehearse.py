"""Has a task done by another process of this interpreter first, and says what was in its way."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any, Dict, List, Optional

from rigcheck.target import bootstrap

_READ_BYTES = 65_536
_LONGEST_WORDS = 300


def rehearse(
    task: str, arguments: Dict[str, Any], environment: Dict[str, str], limit_s: float
) -> str:
    """Runs it to its end, and no longer than that; no process stays.

    Args:
        task: a module of `rigcheck.target` with `run(wire, arguments)`.
        arguments: of its `run`; must be JSON.
        environment: what is set besides our own.
        limit_s: after which it is killed.

    Returns:
        Why it did not go well, in one line; empty where it did. May hold foreign words.
    """
    until_s = time.monotonic() + limit_s
    read_fd, write_fd = os.pipe()
    fault_fd = os.open(os.devnull, os.O_WRONLY)
    try:
        try:
            process = _start(task, arguments, environment, (write_fd, fault_fd))
        finally:
            os.close(write_fd)
            os.close(fault_fd)
        events = _hear(process, read_fd, until_s)
        return _why_not(events, process.wait(), limit_s)
    except OSError as error:
        return "no process for it: {}".format(error)
    finally:
        os.close(read_fd)


def _start(
    task: str, arguments: Dict[str, Any], environment: Dict[str, str], fds: "tuple[int, int]"
) -> "subprocess.Popen[bytes]":
    # It is in our process group, and is killed with it.
    return subprocess.Popen(
        [sys.executable, bootstrap.__file__, *map(str, fds), task, json.dumps(arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ, **environment),
        pass_fds=fds,
    )


def _hear(
    process: "subprocess.Popen[bytes]", fd: int, until_s: float
) -> "Optional[List[Dict[str, Any]]]":
    """All that it says; None where it was killed because of the time. It has ended, or will."""
    heard = b""
    try:
        while True:
            left_s = until_s - time.monotonic()
            if left_s <= 0 or not select.select([fd], [], [], left_s)[0]:
                return None
            chunk = os.read(fd, _READ_BYTES)
            if not chunk:
                return [json.loads(line.decode()) for line in heard.splitlines()]
            heard += chunk
    finally:
        # Whoever closed the line without ending is killed, too: nothing is left for it to do.
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, min(1.0, until_s - time.monotonic())))
        process.kill()
        if process.stdin is not None:
            process.stdin.close()


def _why_not(events: "Optional[List[Dict[str, Any]]]", code: int, limit_s: float) -> str:
    if events is None:
        return "no end within {:g} s".format(limit_s)
    if any(event["event"] == "end" for event in events):
        return ""
    stage = [event["name"] for event in events if event["event"] == "stage"][-1]
    for event in events:
        if event["event"] == "error":
            return "{} failed: {}".format(stage, reason(event["kind"], event["message"]))
    return "{} died of {}".format(stage, _cause(code))


def _cause(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return "exit code {}".format(code)


def reason(kind: str, message: str) -> str:
    """`RuntimeError: Failed to find C compiler`: the line that tells, of what torch has told.

    What dynamo wraps around an error, and the advice behind it, say nothing of the cause.
    """
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    telling = [line for line in lines if not line.endswith("raised:")]
    if not telling:
        return kind
    is_named = telling[0].partition(":")[0].endswith(("Error", "Exception"))
    return (telling[0] if is_named else "{}: {}".format(kind, telling[0]))[:_LONGEST_WORDS]
