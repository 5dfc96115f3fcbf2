"""Who uses a GPU."""

import os
from pathlib import Path
from typing import Any

from rigcheck import nvml
from rigcheck.facts import Absent, Fact, Found, GpuProcess, ProcessKind, Reason
from rigcheck.gpu.driver import Handle
from rigcheck.nvml import ask, is_not_in_driver
from rigcheck.probes.probe import read_text

_CALLS = {
    ProcessKind.COMPUTE: "nvmlDeviceGetComputeRunningProcesses",
    ProcessKind.GRAPHICS: "nvmlDeviceGetGraphicsRunningProcesses",
    ProcessKind.MPS: "nvmlDeviceGetMPSComputeRunningProcesses",
}


def processes(gpu: Handle, root: Path) -> Fact[tuple[GpuProcess, ...]]:
    """Those of every kind that the driver tells; a kind that it cannot tell has none.

    Dear: the graphics processes alone took 4.5 ms on a laptop (flightlessmango/MangoHud#2104).
    """
    lists = {kind: _listed(gpu, call) for kind, call in _CALLS.items()}
    compute = lists[ProcessKind.COMPUTE]
    if not isinstance(compute, Found):
        return compute
    told = [
        _process(kind, one, listed.source, root)
        for kind, listed in lists.items()
        if isinstance(listed, Found)
        for one in listed.value
    ]
    return Found(tuple(told), compute.source)


def _listed(gpu: Handle, call: str) -> Fact[list[Any]]:
    """By the call of drivers from 510; `_v2` has the same layout."""
    if _lays_v3_out_wider():
        return ask(f"{call}_v2", gpu, take=list)
    newer = ask(f"{call}_v3", gpu, take=list)
    return ask(f"{call}_v2", gpu, take=list) if is_not_in_driver(newer) else newer


def _lays_v3_out_wider() -> bool:
    """Drivers 535.43 to 535.86: processes came out scrambled (XuehaiPan/nvitop#79 and #89).

    They have the memory of confidential computing in the list; later ones have another function
    for it, by which they are told apart.
    """
    return nvml.has("nvmlDeviceGetConfComputeMemSizeInfo") and not nvml.has(
        "nvmlDeviceGetRunningProcessDetailList"
    )


def _process(kind: ProcessKind, told: Any, source: str, root: Path) -> GpuProcess:
    held: Fact[int] = (
        Absent(Reason.NOT_SUPPORTED, source, "the driver gives no figure")
        if told.usedGpuMemory is None
        else Found(int(told.usedGpuMemory), source)
    )
    return GpuProcess(
        pid=told.pid, kind=kind, memory_used_bytes=held, name=_own_name(told.pid, root)
    )


def _own_name(pid: int, root: Path) -> Fact[str]:
    """What others run is theirs to tell. In a container the number may be another process's."""
    folder = root / "proc" / str(pid)
    try:
        owner = folder.stat().st_uid
    except OSError as error:
        return Absent(Reason.NOT_THERE, str(folder), error.strerror or "")
    if owner != os.getuid():
        return Absent(Reason.NO_PERMISSION, str(folder), "another user's process")
    return read_text(folder / "comm")
