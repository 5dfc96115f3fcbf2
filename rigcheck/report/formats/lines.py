"""What a run's plots show, as lines of numbers: all on the run's own clock."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from rigcheck.bench.result import BenchRun, Block, DeviceRun
from rigcheck.bench.tier import Tier
from rigcheck.facts import Rig, value_of
from rigcheck.monitor.sample import GpuSample, Sample

_GAP = math.nan
_STYLES = {Tier.IN_MEMORY: "-", Tier.AS_WRITTEN: "--", Tier.PEAK: ":"}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One device's figure over time; NaN where there is a gap."""

    label: str
    series: int
    """Which device's colour it has."""
    style: str = "-"
    times_s: tuple[float, ...]
    values: tuple[float, ...]

    @property
    def is_sparse(self) -> bool:
        """True where a point may stand alone, which a line would not show."""
        known = [not math.isnan(v) for v in self.values]
        alone = (a and not b for a, b in zip(known, [*known[1:], False], strict=True))
        return sum(known) <= 2 * sum(alone)  # half of them or more end a line


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """One of the plots above one another."""

    title: str
    of_gpu: Callable[[GpuSample], float | None] | None = None
    of_cpu: Callable[[Sample], float | None] | None = None
    is_cpu_dear: bool = False
    """The CPU's is read every few seconds: between two readings there is no gap."""
    is_share: bool = False
    is_rate: bool = False


PANELS = (
    Panel(title="training, images/s", is_rate=True),
    Panel(
        title="utilization, %",
        of_gpu=lambda gpu: gpu.utilization_percent,
        of_cpu=lambda sample: sample.cpu_percent,
        is_share=True,
    ),
    Panel(title="power, W", of_gpu=lambda gpu: gpu.power_w),
    Panel(
        title="temperature, °C",
        of_gpu=lambda gpu: gpu.temperature_c,
        of_cpu=lambda sample: sample.cpu_temperature_c,
        is_cpu_dear=True,
    ),
    Panel(
        title="clock (SM, CPU), MHz",
        of_gpu=lambda gpu: gpu.sm_clock_mhz,
        of_cpu=lambda sample: sample.cpu_frequency_mhz,
        is_cpu_dear=True,
    ),
)


def panel_lines(bench: BenchRun, panel: Panel, names: Mapping[str, str]) -> list[Line]:
    """The lines of one panel; none where nobody could measure it."""
    lines = _rate_lines(bench) if panel.is_rate else _sample_lines(bench, panel, names)
    return [line for line in lines if any(not math.isnan(value) for value in line.values)]


def _rate_lines(bench: BenchRun) -> Iterator[Line]:
    for series, run in enumerate(bench.devices):
        for tier in Tier:
            times, values = _rate_points(run.blocks_in(tier))
            form = "" if tier is Tier.IN_MEMORY else f", {tier.value}"
            yield Line(
                label=f"{device_name(run)}{form}",
                series=series,
                style=_STYLES[tier],
                times_s=times,
                values=values,
            )


def _rate_points(blocks: Sequence[Block]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """A block is a level from its start to its end; between turns there is nothing."""
    times: list[float] = []
    values: list[float] = []
    last: Block | None = None
    for block in sorted(blocks, key=lambda b: b.start_at_s):
        if block.end_at_s <= block.start_at_s:
            continue
        if last is not None and block.turn != last.turn:
            times.append(block.start_at_s)
            values.append(_GAP)
        times += [block.start_at_s, block.end_at_s]
        values += [block.images_per_s] * 2
        last = block
    return tuple(times), tuple(values)


def _sample_lines(bench: BenchRun, panel: Panel, names: Mapping[str, str]) -> Iterator[Line]:
    times = tuple(sample.time_s for sample in bench.samples)
    if panel.of_cpu is not None:
        yield _cpu_line(bench, panel, panel.of_cpu)
    for identity in _gpus(bench.samples) if panel.of_gpu is not None else ():
        label, series = _gpu_look(bench, identity, names)
        yield Line(
            label=label,
            series=series,
            times_s=times,
            values=tuple(_of_gpu(sample, identity, panel) for sample in bench.samples),
        )


def _cpu_line(bench: BenchRun, panel: Panel, read: Callable[[Sample], float | None]) -> Line:
    points = [(sample.time_s, _or_gap(read(sample))) for sample in bench.samples]
    if panel.is_cpu_dear:
        points = [point for point in points if not math.isnan(point[1])]
    cpu = next((i for i, run in enumerate(bench.devices) if run.device == "cpu"), None)
    return Line(
        label="CPU" if cpu is None else device_name(bench.devices[cpu]),
        series=len(bench.devices) if cpu is None else cpu,
        times_s=tuple(time_s for time_s, _ in points),
        values=tuple(value for _, value in points),
    )


def _gpu_look(bench: BenchRun, identity: str, names: Mapping[str, str]) -> tuple[str, int]:
    for series, run in enumerate(bench.devices):
        if run.identity == identity:
            return device_name(run), series
    return names.get(identity, identity), len(bench.devices) + 1


def _gpus(samples: Sequence[Sample]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(gpu.gpu for sample in samples for gpu in sample.gpus))


def _of_gpu(sample: Sample, identity: str, panel: Panel) -> float:
    gpu = next((gpu for gpu in sample.gpus if gpu.gpu == identity), None)
    return _GAP if gpu is None or panel.of_gpu is None else _or_gap(panel.of_gpu(gpu))


def _or_gap(value: float | None) -> float:
    return _GAP if value is None or not math.isfinite(value) else float(value)


def gpu_names(rig: Rig) -> dict[str, str]:
    """`GPU 0 (NVIDIA GeForce GTX 960)`, by UUID and by PCI bus id."""
    names = {}
    for gpu in value_of(rig.nvml.gpus) or ():
        model = value_of(gpu.name)
        for identity in (value_of(gpu.uuid), value_of(gpu.pci_bus_id)):
            if identity is not None:
                names[identity] = f"GPU {gpu.index} ({model})" if model else f"GPU {gpu.index}"
    return names


def device_name(run: DeviceRun) -> str:
    """`GPU 0 (NVIDIA GeForce GTX 960)`."""
    return f"{run.label} ({run.name})" if run.name else run.label
