"""The monitor with its true child, on the fake driver where a GPU is wanted."""

import os
import queue
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest

from rigcheck.facts import Absent, Reason
from rigcheck.monitor.monitor import Monitor
from rigcheck.monitor.sample import GpuSample, Sample
from tests.nvml.fake import PlugInNvml

UUID = "GPU-4090a1b2-c3d4-e5f6-0718-293a4b5c6d7e"
PERIOD_S = 0.05
PATIENCE_S = 60.0


@contextmanager
def samples_of(period_s: float = PERIOD_S) -> Iterator[tuple[Monitor, "queue.Queue[Sample]"]]:
    samples: queue.Queue[Sample] = queue.Queue()
    with Monitor(samples.put, period_s=period_s) as monitor:
        yield monitor, samples


def first(samples: "queue.Queue[Sample]", wanted: Callable[[GpuSample], bool]) -> Sample:
    """The driver takes its time to start; samples until then have no GPU."""
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        sample = samples.get(timeout=PATIENCE_S)
        if any(wanted(gpu) for gpu in sample.gpus):
            return sample
    pytest.fail("no such sample")


def first_with_gpu(samples: "queue.Queue[Sample]") -> Sample:
    return first(samples, lambda _: True)


def first_with_power(samples: "queue.Queue[Sample]") -> Sample:
    return first(samples, lambda gpu: gpu.power_w is not None)


def take(samples: "queue.Queue[Sample]", count: int) -> list[Sample]:
    return [samples.get(timeout=PATIENCE_S) for _ in range(count)]


def test_a_sample_has_every_meter_of_cpu_and_gpu(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("gtx-960")
    with samples_of() as (monitor, samples):
        sample = first_with_power(samples)
    assert sample.gpus == (
        GpuSample(
            gpu="GPU-960a1b2c-3d4e-5f60-7182-93a4b5c6d7e8",
            utilization_percent=0.0,
            memory_used_bytes=1_048_576,
            power_w=8.95,
            temperature_c=34.0,
            sm_clock_mhz=135,
            memory_clock_mhz=405,
            clocks_event_reasons=("idle",),
            pcie_generation=1,
            pcie_width=16,
            fan_percent=0,
            pcie_sent_bytes_per_s=0,
            pcie_received_bytes_per_s=0,
            pcie_replays=0,
        ),
    )
    assert sample.xids == ()
    assert sample.cpu_percent is not None
    assert 0 <= sample.cpu_percent <= 100
    assert len(sample.cpu_percent_per_core) == psutil.cpu_count()
    assert sample.memory_used_bytes is not None
    assert 0 < sample.memory_used_bytes < psutil.virtual_memory().total
    assert (monitor.problem, monitor.no_gpus) == ("", None)


def test_samples_follow_one_another_and_meters_move(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 memory_used_bytes ramp 0 10000000000 1000")
    with samples_of() as (_, samples):
        readings = [first_with_power(samples) for _ in range(4)]
    times_s = [sample.time_s for sample in readings]
    used = [sample.gpus[0].memory_used_bytes or 0 for sample in readings]
    assert times_s == sorted(set(times_s))
    assert used == sorted(set(used))


def test_a_gpu_without_a_uuid_goes_by_its_bus_id(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 fail nvmlDeviceGetUUID 3")
    with samples_of() as (_, samples):
        assert first_with_gpu(samples).gpus[0].gpu == "0000:01:00.0"


def test_a_driver_without_the_newer_calls_is_asked_by_the_older_ones(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("driver-470")
    with samples_of() as (_, samples):
        gpu = first_with_power(samples).gpus[0]
    assert (gpu.temperature_c, gpu.memory_used_bytes) == (34.0, 68_157_440)


def test_what_a_card_does_not_support_is_a_gap_and_not_zero(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 fail nvmlDeviceGetUtilizationRates 3")
    with samples_of() as (_, samples):
        gpu = first_with_power(samples).gpus[0]
    assert gpu.utilization_percent is None
    assert gpu.temperature_c is not None


def test_a_gpu_that_cannot_be_opened_does_not_hide_the_other(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("two-unlike", "gpu 0 fail nvmlDeviceGetHandleByIndex_v2 15")
    with samples_of() as (_, samples):
        assert [gpu.gpu for gpu in first_with_gpu(samples).gpus] == [UUID]


def test_a_gpu_lost_on_the_way_leaves_gaps(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 fail nvmlDeviceGetPowerUsage 15 1")
    with samples_of() as (_, samples):
        first(samples, lambda gpu: gpu.temperature_c is not None)
        later = [sample.gpus[0] for sample in take(samples, 10)]
    # One reading went well; whether it was the first one seen is the scheduler's choice.
    assert sum(gpu.power_w is not None for gpu in later) <= 1
    assert any(gpu.power_w is None and gpu.temperature_c is not None for gpu in later)


def test_a_driver_that_stops_answering_leaves_gaps_and_the_cpu_is_sampled_on(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 hang nvmlDeviceGetPowerUsage 1")
    with samples_of() as (monitor, samples):
        first_with_gpu(samples)
        later = take(samples, 10)
    # The one reading that went well may be among the first of them.
    assert [sample.gpus for sample in later[-3:]] == [(GpuSample(gpu=UUID),)] * 3
    assert all(sample.cpu_percent is not None for sample in later)
    assert monitor.problem == ""


def test_a_driver_that_takes_for_ever_to_start_does_not_hold_up_the_cpu(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("rtx-4090", "system hang nvmlInitWithFlags")
    with samples_of() as (monitor, samples):
        early = take(samples, 3)
    assert [sample.gpus for sample in early] == [(), (), ()]
    assert all(sample.cpu_percent is not None for sample in early)
    assert monitor.no_gpus is None


def test_without_a_driver_the_reason_is_told_and_the_cpu_sampled(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("driver-not-loaded")
    with samples_of() as (monitor, samples):
        deadline_s = time.monotonic() + PATIENCE_S
        while monitor.no_gpus is None and time.monotonic() < deadline_s:
            assert samples.get(timeout=PATIENCE_S).gpus == ()
    assert monitor.no_gpus == Absent(
        Reason.NOT_THERE, "NVML nvmlInitWithFlags", "Driver Not Loaded"
    )


def test_leaving_the_monitor_leaves_no_process(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 hang nvmlDeviceGetPowerUsage 1")
    before = psutil.Process().children()
    with samples_of() as (_, samples):
        first_with_gpu(samples)
        assert len(psutil.Process().children()) == len(before) + 1
    assert psutil.Process().children() == before


def end_of(monitor: Monitor) -> str:
    monitor._thread.join(PATIENCE_S)
    assert not monitor._thread.is_alive()
    return monitor.problem


def test_a_sampler_that_is_killed_is_told(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("no-gpu")
    with samples_of() as (monitor, samples):
        take(samples, 1)
        assert monitor._child is not None
        os.kill(monitor._child.pid, signal.SIGKILL)
        assert end_of(monitor).startswith("sampler: died of SIGKILL")


def test_a_driver_that_crashes_ends_sampling_and_is_told(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 crash nvmlDeviceGetPowerUsage 1")
    with samples_of() as (monitor, _):
        assert end_of(monitor).startswith("sampler: died of SIGSEGV (an invalid memory access; ")


def test_a_sampler_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with samples_of() as (monitor, _):
        assert end_of(monitor) == (
            "sampler: cannot start /nowhere/python: No such file or directory"
        )
