"""A file system that never answers, and a child that asks it: the sleep that no signal ends.

    unshare --mount --map-root-user python -m tests.unanswering FOLDER

mounts it in FOLDER, for this process and its children alone, lets a child look for a file there,
and prints in JSON what became of it. A request that FUSE's daemon has read is waited for in
uninterruptible sleep until the daemon answers or the file system is aborted (Linux, fs/fuse/dev.c,
`request_wait_answer`), which happens when this process ends, in whatever way.
"""

import ctypes
import json
import os
import struct
import sys
import threading
from pathlib import Path

from rigcheck.child import Child

_INIT, _INIT_VERSION = 26, (7, 31)
_IN_HEADER = struct.Struct("=IIQQ")
"""fuse_in_header as far as it is of interest: length, operation, number of the request, node."""
_OUT_HEADER = struct.Struct("=IiQ")
_INIT_OUT = struct.Struct("=IIIIHHIIHHI28x")
_READ_BYTES = 1024**2
_FORCE, _DETACH = 1, 2
_TIME_LIMIT_S = 0.5
_TASK = """
import os

def run(wire, arguments):
    wire.stage("driver")
    os.stat(arguments["path"])
"""


def mount(folder: Path) -> int:
    """The file system's own end of it, an open file."""
    fd = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={fd},rootmode=40000,user_id=0,group_id=0".encode()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"unanswering", bytes(folder), b"fuse", 0, options) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return fd


def unmount(folder: Path) -> None:
    """Aborts what is waited for."""
    ctypes.CDLL(None).umount2(bytes(folder), _FORCE | _DETACH)


def take_requests(fd: int) -> None:
    """Takes all of them, and answers the first alone, without which there is no file system."""
    while True:
        try:
            request = os.read(fd, _READ_BYTES)
        except OSError:
            return  # unmounted
        _, operation, number, _ = _IN_HEADER.unpack_from(request)
        if operation == _INIT:
            answer = _INIT_OUT.pack(*_INIT_VERSION, 0, 0, 1, 1, 4_096, 1, 1, 0, 0)
            os.write(fd, _OUT_HEADER.pack(_OUT_HEADER.size + len(answer), 0, number) + answer)


def state_of(pid: int) -> str:
    """`D (disk sleep)`."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(line for line in status.splitlines() if line.startswith("State:"))[7:]


def main() -> None:
    folder = Path(sys.argv[1])
    (folder / "task").mkdir()
    (folder / "task" / "the_task.py").write_text(_TASK)
    (folder / "mounted").mkdir()
    fd = mount(folder / "mounted")
    threading.Thread(target=take_requests, args=(fd,), daemon=True).start()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder / "task")}
    arguments = {"path": str(folder / "mounted" / "file")}
    try:
        with Child(sys.executable, "the_task", arguments, environment=environment) as child:
            list(child.events(_TIME_LIMIT_S))
            state, death = state_of(child.pid), child.death
    finally:
        unmount(folder / "mounted")
    if death is None:
        raise RuntimeError("the child answered, though nothing answers it")
    told = {"state": state, "reason": death.reason, "stage": death.stage}
    print(json.dumps(told | {"timed_out": death.timed_out}))


if __name__ == "__main__":
    main()
