"""What can be plotted of the machine and of each GPU: one table for plots, keys and help."""

import dataclasses
from collections.abc import Callable
from typing import Any

from rigcheck.monitor.sample import GpuSample, Sample

_GIB = 1 << 30
_HZ_A_MHZ = 1e6


@dataclasses.dataclass(frozen=True, kw_only=True)
class Meter:
    """One figure of the samples as a line."""

    name: str
    """In the legend."""
    field: str
    """`GpuSample.power_w`: where it is, and where its definition is."""
    take: Callable[[Any], float | None] = float
    """From what was read to what is plotted."""
    is_dear: bool = False
    """Read every few seconds only, on some cards at least: its value holds until the next one."""

    @property
    def of_host(self) -> bool:
        """Of the machine, not of a GPU."""
        return self.field.startswith("Sample.")

    @property
    def name_in_check(self) -> str:
        """The field of `facts.Gpu` with the same figure, where there is one."""
        name = self.field.partition(".")[2]
        return f"{name}_now" if name in ("pcie_generation", "pcie_width") else name

    def value(self, sample: Sample | GpuSample) -> float | None:
        """What is plotted; None is a gap."""
        told = getattr(sample, self.field.partition(".")[2])
        return None if told is None else self.take(told)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Metric:
    """What one plot shows, the meter that matters last (on top)."""

    name: str
    unit: str
    meters: tuple[Meter, ...]
    step: float = 0.0
    """How fine its newest value is told; 0 leaves it whole."""
    by_core: bool = False
    """A line of shades a core in place of the meters' lines."""

    @property
    def of_host(self) -> bool:
        """Of the machine, not of a GPU."""
        return self.meters[-1].of_host


def _gib(n_bytes: float) -> float:
    return n_bytes / _GIB


def _hertz(mhz: float) -> float:
    return mhz * _HZ_A_MHZ


def _busiest(shares: tuple[float, ...]) -> float | None:
    return max(shares, default=None)


_CPU_BUSY = Meter(name="CPU", field="Sample.cpu_percent")
_PER_CORE = Meter(name="busiest core", field="Sample.cpu_percent_per_core", take=_busiest)

OF_THE_HOST = (
    Metric(name="busy", unit="%", meters=(_PER_CORE, _CPU_BUSY)),
    Metric(name="busy per core", unit="%", meters=(_PER_CORE,), by_core=True),
    Metric(
        name="memory used",
        unit="GiB",
        step=0.1,
        meters=(Meter(name="CPU", field="Sample.memory_used_bytes", take=_gib),),
    ),
    Metric(
        name="clock",
        unit="Hz",
        meters=(Meter(name="CPU", field="Sample.cpu_frequency_mhz", take=_hertz, is_dear=True),),
    ),
    Metric(
        name="temperature",
        unit="°C",
        meters=(Meter(name="CPU", field="Sample.cpu_temperature_c", is_dear=True),),
    ),
)
OF_A_GPU = (
    # Beside the GPU the host that feeds it: a GPU at rest under a busy CPU waits for it.
    Metric(
        name="busy",
        unit="%",
        meters=(_CPU_BUSY, Meter(name="GPU", field="GpuSample.utilization_percent")),
    ),
    Metric(name="power", unit="W", meters=(Meter(name="GPU", field="GpuSample.power_w"),)),
    Metric(
        name="memory used",
        unit="GiB",
        step=0.1,
        # Where memory is the machine's, it is counted by the GPU's processes, which is dear.
        meters=(Meter(name="GPU", field="GpuSample.memory_used_bytes", take=_gib, is_dear=True),),
    ),
    Metric(
        name="temperature",
        unit="°C",
        meters=(
            Meter(name="memory", field="GpuSample.memory_temperature_c"),
            Meter(name="GPU", field="GpuSample.temperature_c"),
        ),
    ),
    Metric(
        name="SM clock",
        unit="Hz",
        meters=(Meter(name="SM", field="GpuSample.sm_clock_mhz", take=_hertz),),
    ),
    Metric(
        name="memory clock",
        unit="Hz",
        meters=(Meter(name="memory", field="GpuSample.memory_clock_mhz", take=_hertz),),
    ),
    Metric(
        name="fan",
        unit="%",
        meters=(Meter(name="fan", field="GpuSample.fan_percent", is_dear=True),),
    ),
    Metric(
        name="PCIe bytes/s",
        unit="B",
        meters=(
            Meter(name="sent", field="GpuSample.pcie_sent_bytes_per_s", is_dear=True),
            Meter(name="received", field="GpuSample.pcie_received_bytes_per_s", is_dear=True),
        ),
    ),
    Metric(
        name="PCIe link",
        unit="",
        meters=(
            Meter(name="lanes", field="GpuSample.pcie_width"),
            Meter(name="generation", field="GpuSample.pcie_generation"),
        ),
    ),
)


def _distinct(metrics: tuple[Metric, ...]) -> tuple[Meter, ...]:
    return tuple(dict.fromkeys(meter for metric in metrics for meter in metric.meters))


HOST_METERS = tuple(m for m in _distinct(OF_THE_HOST) if m.of_host)
GPU_METERS = tuple(m for m in _distinct(OF_A_GPU) if not m.of_host)
