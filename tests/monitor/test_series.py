"""Bounded series: what is kept when there is too much."""

import msgspec

from rigcheck.monitor.sample import GpuSample, Sample, XidEvent
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


def test_counters_keep_their_last_reading_the_link_its_best_and_reasons_all() -> None:
    first = GpuSample(
        gpu="GPU-a",
        energy_j=10.0,
        pcie_replays=1,
        pcie_generation=4,
        pcie_width=16,
        clocks_event_reasons=("idle",),
        sm_clock_mhz=200.0,
    )
    second = GpuSample(
        gpu="GPU-a",
        energy_j=14.0,
        pcie_generation=1,
        pcie_width=16,
        clocks_event_reasons=("power cap", "idle"),
        sm_clock_mhz=2200.0,
    )
    both = mean_sample([Sample(time_s=0, gpus=(first,)), Sample(time_s=1, gpus=(second,))])
    assert both.gpus == (
        GpuSample(
            gpu="GPU-a",
            energy_j=14.0,
            pcie_replays=1,
            pcie_generation=4,
            pcie_width=16,
            clocks_event_reasons=("idle", "power cap"),
            sm_clock_mhz=1200.0,
        ),
    )


def test_no_reason_is_told_apart_from_no_reading() -> None:
    def reasons(*told: tuple[str, ...] | None) -> tuple[str, ...] | None:
        gpus = [GpuSample(gpu="GPU-a", clocks_event_reasons=words) for words in told]
        samples = [Sample(time_s=n, gpus=(g,)) for n, g in enumerate(gpus)]
        return mean_sample(samples).gpus[0].clocks_event_reasons

    assert reasons((), None) == ()
    assert reasons(None, None) is None


def flood(count: int) -> tuple[XidEvent, ...]:
    return tuple(XidEvent(time_s=0.0, gpu="GPU-a", xid=n) for n in range(count))


def test_errors_are_kept_but_a_flood_of_them_is_cut() -> None:
    few = mean_sample([Sample(time_s=0, xids=flood(1)), Sample(time_s=1, xids=flood(2))])
    assert few.xids == (*flood(1), *flood(2))
    many = mean_sample([Sample(time_s=n, xids=flood(60)) for n in range(8)])
    assert many.xids is not None
    assert len(many.xids) == 64
    assert mean_sample([cpu(0, None), cpu(1, None)]).xids is None


def test_every_meter_of_a_gpu_survives_the_mean() -> None:
    """A field that is forgotten in the mean would be a gap for ever."""
    values = {
        name: ("idle",) if name == "clocks_event_reasons" else 7
        for name in GpuSample.__struct_fields__[1:]
    }
    whole = GpuSample(gpu="GPU-a", **values)  # type: ignore[arg-type]  # each is right for its field
    both = mean_sample([Sample(time_s=0, gpus=(whole,)), Sample(time_s=1, gpus=(whole,))])
    assert both.gpus == (whole,)


def whole_gpu(number: int, tick: int) -> GpuSample:
    """Every meter told, and figures that no two samples share."""
    values = {
        name: ("power cap",) if name == "clocks_event_reasons" else tick * 1000 + n
        for n, name in enumerate(GpuSample.__struct_fields__[1:])
    }
    return GpuSample(gpu=f"GPU-{number}", **values)  # type: ignore[arg-type]  # each is right for its field


def test_an_hour_of_eight_gpus_at_4_hz_is_no_more_than_the_first_quarter_of_it() -> None:
    series = SampleSeries()
    sizes = []
    for tick in range(4 * 3_600):
        gpus = tuple(whole_gpu(number, tick) for number in range(8))
        series.add(Sample(time_s=tick / 4, cpu_percent_per_core=(tick * 1.0,) * 64, gpus=gpus))
        if tick + 1 in (4_095, 4 * 3_600):
            assert len(series.samples) < 4_096
            sizes.append(len(msgspec.json.encode(series.samples)))
    assert sizes[1] < sizes[0] < 32 * 1024 * 1024
    assert series.samples[-1].time_s > 3_590
