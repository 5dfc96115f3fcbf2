"""All meters of one GPU: those of each turn, and the dear ones of every few seconds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, final

from rigcheck.facts import Fact, value_of
from rigcheck.gpu import health, link, memory, numbers, power
from rigcheck.gpu.driver import Handle
from rigcheck.gpu.processes import processes
from rigcheck.monitor.gauges import Gauge, make_gauges
from rigcheck.monitor.sample import GpuSample
from rigcheck.nvml import ask

_ROOT = Path("/")
_BYTES_A_KB = 1000
_NOT_IN_A_SLOT = ("pcie_generation", "pcie_width")


@final
class GpuMeters:
    """Reads one GPU."""

    def __init__(self, identity: str, handle: Handle) -> None:
        self._identity = identity
        self._handle = handle
        self._is_unified = memory.shares_the_machine_s(memory.memory(handle), _ROOT)
        self._gauges: dict[str, Gauge] = make_gauges(handle)
        if self._is_unified:
            for name in ("memory_used_bytes", *_NOT_IN_A_SLOT):
                del self._gauges[name]

    def read(self, *, with_dear: bool) -> GpuSample:
        """Its meters now; each that it does not tell is a gap."""
        told: dict[str, Any] = {
            name: gauge.read()
            for name, gauge in self._gauges.items()
            if with_dear or not gauge.is_refused
        }
        if with_dear:
            told |= self._read_dear()
        return GpuSample(gpu=self._identity, **told)

    def _read_dear(self) -> dict[str, Any]:
        told = {name: read(self._handle) for name, read in DEAR_METERS.items()}
        return told | {"memory_used_bytes": self._held()} if self._is_unified else told

    def _held(self) -> int | None:
        users = processes(self._handle, _ROOT)
        return value_of(memory.unified(memory.memory(self._handle), users, _ROOT).used)


def _throughput(gpu: Handle, direction: int) -> Fact[float]:
    return ask(
        "nvmlDeviceGetPcieThroughput", gpu, direction, take=lambda rate: float(rate * _BYTES_A_KB)
    )


def _fastest_fan(gpu: Handle) -> int | None:
    fans = value_of(power.fan_percent(gpu))
    return max(fans) if fans else None


def _sent(gpu: Handle) -> float | None:
    return value_of(_throughput(gpu, numbers.PCIE_SENT))


def _received(gpu: Handle) -> float | None:
    return value_of(_throughput(gpu, numbers.PCIE_RECEIVED))


def _replays(gpu: Handle) -> int | None:
    return value_of(link.pcie_replays(gpu))


def _corrected(gpu: Handle) -> int | None:
    return value_of(health.ecc_errors(gpu, numbers.ECC_CORRECTED, numbers.ECC_VOLATILE))


def _uncorrected(gpu: Handle) -> int | None:
    return value_of(health.ecc_errors(gpu, numbers.ECC_UNCORRECTED, numbers.ECC_VOLATILE))


DEAR_METERS: dict[str, Callable[[Handle], float | None]] = {
    "fan_percent": _fastest_fan,
    "pcie_sent_bytes_per_s": _sent,
    "pcie_received_bytes_per_s": _received,
    "pcie_replays": _replays,
    "ecc_corrected_errors": _corrected,
    "ecc_uncorrected_errors": _uncorrected,
}
"""By the field of `GpuSample`. Throughput alone takes the driver 20 ms for each direction."""
