"""Starts one task: `python bootstrap.py FD FAULT_FD TASK JSON`.

The interpreter sees its own packages and, of rigcheck's, this package's folder alone: where
rigcheck is installed in another environment, nothing else of that environment leaks in.
"""

from __future__ import annotations

import _thread
import faulthandler
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PR_SET_PDEATHSIG = 1
# As the module signal has them, which brings enum along.
_SIGKILL = 9
_SIGTERM = 15
_READ_BYTES = 65_536


def _forget_own_folder() -> None:
    # Running a script puts its folder on the path, where `wire` could shadow the target's modules.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]


def _provide_rigcheck() -> None:
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folder = os.path.dirname(package)
    # The package stays, the folder it was found in does not.
    sys.path.insert(0, folder)
    try:
        __import__("rigcheck")  # and not the target's own, if it has one
    finally:
        sys.path.remove(folder)


def _die_with_parent() -> int:
    """No process is left behind: by the kernel where it can, else when the parent's pipe closes.

    What comes down that pipe until then are orders for the task. They go on through a pipe of our
    own: its end to read from.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    orders_fd, write_fd = os.pipe()

    def hear_parent() -> None:
        # read() gives nothing only when the parent has closed its end or is gone.
        while True:
            chunk = os.read(0, _READ_BYTES)
            if not chunk:
                os._exit(0)
            while chunk:
                chunk = chunk[os.write(write_fd, chunk) :]

    _thread.start_new_thread(hear_parent, ())
    return orders_fd


def _leave_last_words(fault_fd: int) -> None:
    """A death by a signal leaves the line of Python on stderr, one by SIGILL its instruction.

    So does SIGTERM, by which the parent ends a child that hangs.
    """
    from rigcheck.target.last_instruction import keep_last_instruction

    faulthandler.enable(all_threads=False)
    if sys.platform != "win32":
        faulthandler.register(_SIGTERM, all_threads=False, chain=True)
    os.set_inheritable(fault_fd, False)
    keep_last_instruction(fault_fd)


def main() -> None:
    """Runs the task that the command line names."""
    fd, fault_fd, task = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    arguments = _decoded(sys.argv[4])
    _forget_own_folder()
    _provide_rigcheck()
    orders_fd = _die_with_parent()
    _leave_last_words(fault_fd)
    run_task(fd, orders_fd, task, arguments)
    # All is said. To unload gigabytes of libraries in order takes time, and some crash in it.
    os._exit(0)


def _decoded(arguments: str) -> dict[str, Any]:
    if arguments == "{}":
        return {}
    import json  # not where it is not needed: see `rigcheck.target`

    decoded: dict[str, Any] = json.loads(arguments)
    return decoded


def run_task(fd: int, orders_fd: int, task: str, arguments: dict[str, Any]) -> None:
    """Runs the task; whatever it raises goes down the wire before the interpreter ends.

    Args:
        fd: the open file descriptor that the parent reads.
        orders_fd: where comes what the parent asks of it later, if the task heeds that.
        task: a module of rigcheck with `run(wire, arguments)`.
        arguments: what the parent asks of it.
    """
    from rigcheck.target.wire import Wire

    wire = Wire(fd, orders_fd)
    wire.stage("start")
    try:
        __import__(task)
        sys.modules[task].run(wire, arguments)
    except BaseException as error:  # noqa: BLE001 -- reported, whatever it is
        wire.error(error)
        sys.exit(1)
    wire.send("end")


if __name__ == "__main__":
    main()
