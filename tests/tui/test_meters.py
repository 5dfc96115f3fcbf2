import msgspec
import pytest

from rigcheck.monitor.sample import Sample
from rigcheck.tui.meters import CPU, Meters, Metric
from tests.tui.streams import sample


def meters(*samples: Sample) -> Meters:
    made = Meters()
    for one in samples:
        made.take(one)
    return made


@pytest.mark.parametrize(
    ("identity", "metric", "names", "values"),
    [
        (CPU, Metric.BUSY, ("busiest core", "CPU"), (70.0, 25.0)),
        (CPU, Metric.MEMORY, ("CPU",), (3.0,)),
        ("GPU-0", Metric.BUSY, ("CPU", "GPU"), (25.0, 97.0)),
        ("GPU-0", Metric.MEMORY, ("GPU",), (1.0,)),
        ("GPU-0", Metric.POWER, ("GPU",), (82.0,)),
        ("GPU-0", Metric.TEMPERATURE, ("GPU",), (64.0,)),
    ],
)
def test_a_device_has_its_own_meters(
    identity: str, metric: Metric, names: tuple[str, ...], values: tuple[float, ...]
) -> None:
    lines = meters(sample(0.0), sample(0.5)).lines(identity, metric)
    assert tuple(line.name for line in lines) == names
    assert tuple(line.spans.last for line in lines) == values


def test_a_value_holds_since_the_reading_before() -> None:
    (line,) = meters(sample(1.0), sample(1.5)).lines("GPU-0", Metric.POWER)
    assert list(line.spans) == [(1.0, 1.5, 82.0)]


def test_a_value_that_could_not_be_read_is_a_gap() -> None:
    lost = msgspec.structs.replace(sample(1.0), cpu_percent=None, gpus=())
    made = meters(sample(0.0), sample(0.5), lost, sample(1.5))
    for identity in (CPU, "GPU-0"):
        line = made.lines(identity, Metric.BUSY)[-1]
        assert [(s.start_s, s.end_s) for s in line.spans] == [(0.0, 0.5), (1.0, 1.5)]


def test_meters_that_stopped_for_long_say_nothing_of_the_time_between() -> None:
    (line,) = meters(sample(0.0), sample(60.0), sample(60.5)).lines("GPU-0", Metric.POWER)
    assert list(line.spans) == [(60.0, 60.5, 82.0)]


def test_a_gpu_without_meters_has_empty_lines() -> None:
    (line,) = meters(sample(0.0), sample(0.5)).lines("GPU-7", Metric.POWER)
    assert len(line.spans) == 0
