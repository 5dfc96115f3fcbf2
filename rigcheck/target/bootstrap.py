"""Starts one task: `python bootstrap.py FD FAULT_FD TASK JSON`.

The interpreter sees its own packages and, of rigcheck's, this package's folder alone: where
rigcheck is installed in another environment, nothing else of that environment leaks in.
"""

import faulthandler
import importlib
import importlib.util
import json
import os
import queue
import signal
import sys
import threading
from typing import Any, Dict

_PR_SET_PDEATHSIG = 1
_SIGKILL = 9
_READ_BYTES = 65_536


def _forget_own_folder() -> None:
    # Running a script puts its folder on the path, where `wire` could shadow the target's modules.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]


def _provide_rigcheck() -> None:
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    spec = importlib.util.spec_from_file_location(
        "rigcheck", os.path.join(package, "__init__.py"), submodule_search_locations=[package]
    )
    if spec is None or spec.loader is None:
        raise ImportError("rigcheck's own package cannot be read: " + package)
    module = importlib.util.module_from_spec(spec)
    sys.modules["rigcheck"] = module
    spec.loader.exec_module(module)


def _die_with_parent(orders: "queue.SimpleQueue[Any]") -> None:
    """No process is left behind: by the kernel where it can, else when the parent's pipe closes.

    What comes down that pipe until then are orders for the task, JSON lines.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)

    def hear_parent() -> None:
        buffer = b""
        # read() gives nothing only when the parent has closed its end or is gone.
        while True:
            chunk = os.read(0, _READ_BYTES)
            if not chunk:
                os._exit(0)
            *lines, buffer = (buffer + chunk).split(b"\n")
            for line in lines:
                orders.put(json.loads(line.decode()))

    threading.Thread(target=hear_parent, daemon=True).start()


def _leave_last_words(fault_fd: int) -> None:
    """A death by a signal leaves the line of Python on stderr, one by SIGILL its instruction.

    So does SIGTERM, by which the parent ends a child that hangs.
    """
    from rigcheck.target.last_instruction import keep_last_instruction

    faulthandler.enable(all_threads=False)
    if sys.platform != "win32":
        faulthandler.register(signal.SIGTERM, all_threads=False, chain=True)
    os.set_inheritable(fault_fd, False)
    keep_last_instruction(fault_fd)


def main() -> None:
    """Runs the task that the command line names."""
    fd, fault_fd, task = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    arguments = json.loads(sys.argv[4])
    _forget_own_folder()
    _provide_rigcheck()
    orders: "queue.SimpleQueue[Any]" = queue.SimpleQueue()
    _die_with_parent(orders)
    _leave_last_words(fault_fd)
    run_task(fd, task, arguments, orders)
    # All is said. To unload gigabytes of libraries in order takes time, and some crash in it.
    os._exit(0)


def run_task(
    fd: int, task: str, arguments: Dict[str, Any], orders: "queue.SimpleQueue[Any]"
) -> None:
    """Runs the task; whatever it raises goes down the wire before the interpreter ends.

    Args:
        fd: the open file descriptor that the parent reads.
        task: a module of rigcheck with `run(wire, arguments)`.
        arguments: what the parent asks of it.
        orders: what the parent asks of it later, where the task heeds that.
    """
    from rigcheck.target.wire import Wire

    wire = Wire(fd, orders)
    wire.stage("start")
    try:
        module = importlib.import_module(task)
        module.run(wire, arguments)
    except BaseException as error:  # noqa: BLE001 -- reported, whatever it is
        wire.error(error)
        sys.exit(1)
    wire.send("end")


if __name__ == "__main__":
    main()
