"""How two GPUs reach one another."""

from rigcheck.facts import Fact, GpuPair
from rigcheck.gpu import numbers
from rigcheck.gpu.driver import Handle
from rigcheck.gpu.numbers import word
from rigcheck.nvml import ask


def gpu_pair(first: tuple[str, Handle], second: tuple[str, Handle]) -> GpuPair:
    """Two GPUs, each by identity and handle."""
    handles = (first[1], second[1])
    return GpuPair(
        first=first[0],
        second=second[0],
        common_ancestor=_ancestor(*handles),
        p2p_read=_p2p(*handles, numbers.P2P_READ),
        p2p_write=_p2p(*handles, numbers.P2P_WRITE),
        p2p_nvlink=_p2p(*handles, numbers.P2P_NVLINK),
    )


def _ancestor(first: Handle, second: Handle) -> Fact[str]:
    return ask(
        "nvmlDeviceGetTopologyCommonAncestor",
        first,
        second,
        take=lambda number: word(numbers.ANCESTORS, number),
    )


def _p2p(first: Handle, second: Handle, capability: int) -> Fact[str]:
    return ask(
        "nvmlDeviceGetP2PStatus",
        first,
        second,
        capability,
        take=lambda number: word(numbers.P2P_STATUSES, number),
    )
