"""How much memory measuring may take: a part of what is free, on the host and on the device."""

from __future__ import annotations

from typing import Optional

import torch

from rigcheck.target.control_group import memory_left_bytes

_PART = 0.25
_UNKNOWN_BYTES = 256 * 1024**2
_BYTES_A_KIB = 1_024


def room_bytes(device: torch.device) -> int:
    """What all buffers on this device together may take."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0] * _PART)
    if device.type == "xpu" and hasattr(torch.xpu, "mem_get_info"):
        return int(torch.xpu.mem_get_info(device)[0] * _PART)
    # Others have the host's memory, or do not tell.
    return host_room_bytes()


def host_room_bytes() -> int:
    """What all buffers in main memory together may take."""
    known = [left for left in (_available_bytes(), memory_left_bytes()) if left is not None]
    return int(min(known) * _PART) if known else _UNKNOWN_BYTES


def _available_bytes() -> Optional[int]:
    try:
        with open("/proc/meminfo", encoding="ascii") as meminfo:
            return parse_available_bytes(meminfo.read())
    except OSError:
        return None


def parse_available_bytes(meminfo: str) -> Optional[int]:
    """`MemAvailable:   16000000 kB`; None in kernels before 3.14."""
    for line in meminfo.splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * _BYTES_A_KIB
    return None
