import msgspec
import pytest

from rigcheck.monitor.sample import GpuSample, Sample
from rigcheck.tui.meters import CPU, Meters
from rigcheck.tui.metrics import OF_A_GPU, OF_THE_HOST, Metric
from tests.tui.streams import sample


def meters(*samples: Sample) -> Meters:
    made = Meters()
    for one in samples:
        made.take(one)
    return made


BUSY, POWER, MEMORY, TEMPERATURE, FAN = (OF_A_GPU[i] for i in (0, 1, 2, 3, 6))
CPU_BUSY, CPU_MEMORY = OF_THE_HOST[0], OF_THE_HOST[2]
WHOLE = GpuSample(
    gpu="GPU-0",
    sm_clock_mhz=1980,
    memory_clock_mhz=2619,
    memory_temperature_c=71,
    temperature_c=58,
    pcie_width=16,
    pcie_generation=5,
)


@pytest.mark.parametrize(
    ("identity", "metric", "names", "values"),
    [
        (CPU, CPU_BUSY, ("busiest core", "CPU"), (70.0, 25.0)),
        (CPU, CPU_MEMORY, ("CPU",), (3.0,)),
        ("GPU-0", BUSY, ("CPU", "GPU"), (25.0, 97.0)),
        ("GPU-0", MEMORY, ("GPU",), (1.0,)),
        ("GPU-0", POWER, ("GPU",), (82.0,)),
        ("GPU-0", TEMPERATURE, ("memory", "GPU"), (None, 64.0)),
    ],
)
def test_a_device_has_its_own_meters(
    identity: str, metric: Metric, names: tuple[str, ...], values: tuple[float | None, ...]
) -> None:
    lines = meters(sample(0.0), sample(0.5)).lines(identity, metric)
    assert tuple(line.name for line in lines) == names
    assert tuple(line.spans.last for line in lines) == values


def test_a_value_holds_since_the_reading_before() -> None:
    (line,) = meters(sample(1.0), sample(1.5)).lines("GPU-0", POWER)
    assert list(line.spans) == [(1.0, 1.5, 82.0)]


def test_a_value_that_could_not_be_read_is_a_gap() -> None:
    lost = msgspec.structs.replace(sample(1.0), cpu_percent=None, gpus=())
    made = meters(sample(0.0), sample(0.5), lost, sample(1.5))
    for identity, metric in ((CPU, CPU_BUSY), ("GPU-0", BUSY)):
        line = made.lines(identity, metric)[-1]
        assert [(s.start_s, s.end_s) for s in line.spans] == [(0.0, 0.5), (1.0, 1.5)]


def test_meters_that_stopped_for_long_say_nothing_of_the_time_between() -> None:
    (line,) = meters(sample(0.0), sample(60.0), sample(60.5)).lines("GPU-0", POWER)
    assert list(line.spans) == [(60.0, 60.5, 82.0)]


def test_a_gpu_without_meters_has_empty_lines() -> None:
    (line,) = meters(sample(0.0), sample(0.5)).lines("GPU-7", POWER)
    assert len(line.spans) == 0


def gpu_sample(time_s: float, **meters: float) -> Sample:
    """One GPU; without meters it does not answer."""
    return Sample(time_s=time_s, gpus=(GpuSample(gpu="GPU-0", **meters),))  # type: ignore[arg-type]  # by name


def test_clocks_are_in_hertz_and_the_link_has_lanes_and_generation() -> None:
    made = meters(*(Sample(time_s=t, gpus=(WHOLE,)) for t in (0.0, 0.5)))
    told = {
        line.name + metric.unit: line.spans.last
        for metric in OF_A_GPU
        for line in made.lines("GPU-0", metric)
        if line.spans.last is not None
    }
    assert told == {
        "SMHz": 1.98e9,
        "memoryHz": 2.619e9,
        "memory°C": 71.0,
        "GPU°C": 58.0,
        "lanes": 16.0,
        "generation": 5.0,
    }


def test_a_meter_read_every_few_seconds_holds_until_it_is_read_again() -> None:
    made = meters(
        gpu_sample(0.0, power_w=1),
        gpu_sample(0.5, power_w=1, fan_percent=30),
        *(gpu_sample(half / 2, power_w=1) for half in range(2, 11)),
        gpu_sample(5.5, power_w=1, fan_percent=40),
    )
    (fan,) = made.lines("GPU-0", FAN)
    assert list(fan.spans) == [(0.0, 0.5, 30.0), (0.5, 5.5, 40.0)]


def test_it_does_not_hold_over_a_silence_of_the_gpu() -> None:
    made = meters(
        gpu_sample(0.0, power_w=1),
        gpu_sample(0.5, power_w=1, fan_percent=30),
        gpu_sample(1.0),
        gpu_sample(1.5, power_w=1, fan_percent=40),
    )
    (fan,) = made.lines("GPU-0", FAN)
    assert list(fan.spans) == [(0.0, 0.5, 30.0), (1.0, 1.5, 40.0)]


def test_each_core_has_its_line_and_of_very_many_neighbours_share_one() -> None:
    few = meters(sample(0.0), sample(0.5))
    assert [lane.spans.last for lane in few.cores] == [70.0, 10.0, 10.0, 10.0]
    shares = tuple(float(core) for core in range(96))
    many = meters(*(Sample(time_s=t, cpu_percent_per_core=shares) for t in (0.0, 0.5)))
    told = [(lane.first, lane.last, lane.spans.last) for lane in many.cores]
    assert len(told) == 32
    assert (told[0], told[1], told[-1]) == ((0, 2, 1.0), (3, 5, 4.0), (93, 95, 94.0))


def test_an_hour_of_eight_gpus_stays_within_its_bounds_even_if_they_answer_now_and_then() -> None:
    made = Meters()
    for tick in range(4 * 3_600):
        answers = {"power_w": 300.0, "fan_percent": 30.0} if tick % 2 else {}
        gpus = tuple(
            GpuSample(gpu=f"GPU-{i}", clocks_event_reasons=("power cap",), **answers)  # type: ignore[arg-type]  # by name
            if answers
            else GpuSample(gpu=f"GPU-{i}")
            for i in range(8)
        )
        made.take(Sample(time_s=tick / 4, cpu_percent_per_core=(50.0,) * 64, gpus=gpus))
    for i in range(8):
        lines = [line for metric in OF_A_GPU for line in made.lines(f"GPU-{i}", metric)]
        assert 0 < max(len(line.spans) for line in lines) <= 2_000
        assert {mark.text for mark in made.marks(f"GPU-{i}")} == {"power cap", "no answer"}
        assert len(made.marks(f"GPU-{i}")) <= 256
    assert max(len(lane.spans) for lane in made.cores) <= 240


def test_before_the_first_reading_there_are_no_cores_and_no_lines() -> None:
    made = Meters()
    assert made.cores == ()
    assert all(len(line.spans) == 0 for m in OF_THE_HOST for line in made.lines(CPU, m))


def test_a_gpu_that_fell_silent_has_no_newest_value() -> None:
    answering = [gpu_sample(half / 2, power_w=90, fan_percent=30) for half in range(3)]
    silent = [gpu_sample(half / 2) for half in range(3, 8)]
    before, after = meters(*answering), meters(*answering, *silent)
    for metric, value in ((POWER, 90.0), (FAN, 30.0)):
        assert [line.now for line in before.lines("GPU-0", metric)] == [value]
        assert [line.now for line in after.lines("GPU-0", metric)] == [None]
        assert [line.spans.last for line in after.lines("GPU-0", metric)] == [value]


def test_the_newest_value_of_a_dear_meter_holds_until_the_next() -> None:
    samples = [gpu_sample(half / 2, power_w=90) for half in range(2, 10)]
    made = meters(gpu_sample(0.0), gpu_sample(0.5, power_w=90, fan_percent=30), *samples)
    assert [line.now for line in made.lines("GPU-0", FAN)] == [30.0]
