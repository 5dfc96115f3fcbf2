"""Bounded series: what is kept when there is too much."""

from rigcheck.monitor.sample import GpuSample, Sample
from rigcheck.monitor.series import SampleSeries, mean_sample


def cpu(time_s: float, percent: float | None) -> Sample:
    return Sample(time_s=time_s, cpu_percent=percent)


def filled(limit: int, percents: list[float | None]) -> SampleSeries:
    series = SampleSeries(limit)
    for second, percent in enumerate(percents):
        series.add(cpu(float(second), percent))
    return series


def test_few_samples_are_kept_as_they_are() -> None:
    assert filled(4, [10, 20, 30]).samples == (cpu(0, 10), cpu(1, 20), cpu(2, 30))


def test_at_the_limit_neighbours_become_their_mean() -> None:
    assert filled(4, [10, 20, 30, 50]).samples == (cpu(1, 15), cpu(3, 40))


def test_after_that_new_samples_come_in_the_same_resolution() -> None:
    assert filled(4, [10, 20, 30, 50, 60, 80]).samples == (cpu(1, 15), cpu(3, 40), cpu(5, 70))


def test_an_hour_at_4_hz_stays_within_the_limit_and_spans_the_whole_hour() -> None:
    samples = filled(64, [50.0] * 14_400).samples
    assert 32 <= len(samples) < 64
    assert samples[0].time_s < 512
    assert samples[-1].time_s > 14_400 - 512
    assert {sample.cpu_percent for sample in samples} == {50.0}


def test_a_gap_stays_one_where_nothing_was_read() -> None:
    assert filled(4, [10, 20, None, None]).samples == (cpu(1, 15), cpu(3, None))


def test_a_gap_beside_a_reading_is_not_taken_for_zero() -> None:
    assert mean_sample([cpu(0, None), cpu(1, 30)]) == cpu(1, 30)


def gpu(identity: str, power_w: float) -> GpuSample:
    return GpuSample(gpu=identity, power_w=power_w)


def test_gpus_are_joined_by_identity_and_not_by_position() -> None:
    both = mean_sample(
        [
            Sample(time_s=0, gpus=(gpu("GPU-a", 100.0), gpu("GPU-b", 10.0))),
            Sample(time_s=1, gpus=(gpu("GPU-b", 30.0),)),
        ]
    )
    assert both.gpus == (gpu("GPU-a", 100.0), gpu("GPU-b", 20.0))


def test_each_meter_has_a_mean_of_its_own() -> None:
    first = Sample(
        time_s=0,
        cpu_percent=50,
        cpu_percent_per_core=(0.0, 100.0),
        memory_used_bytes=1000,
        gpus=(
            GpuSample(
                gpu="GPU-a",
                utilization_percent=90,
                memory_used_bytes=10,
                power_w=200,
                temperature_c=60,
            ),
        ),
    )
    second = Sample(time_s=1, cpu_percent_per_core=(50.0, 100.0), memory_used_bytes=2000)
    assert mean_sample([first, second]) == Sample(
        time_s=1,
        cpu_percent=50,
        cpu_percent_per_core=(25.0, 100.0),
        memory_used_bytes=1500,
        gpus=first.gpus,
    )
