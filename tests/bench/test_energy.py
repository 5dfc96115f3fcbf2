from typing import Any

import pytest

from rigcheck.bench.conclusions import Energy, EnergySource
from rigcheck.bench.energy import cpu_energy, gpu_energy
from rigcheck.bench.result import Block
from rigcheck.monitor.sample import GpuSample, Sample
from rigcheck.monitor.series import mean_sample


def blocks(*starts_s: float) -> list[Block]:
    """A second of 100 images each."""
    return [
        Block(start_at_s=start_s, end_at_s=start_s + 1, images=100, epoch=1, loss=0.1)
        for start_s in starts_s
    ]


def gpu(time_s: float, **meters: Any) -> Sample:
    return Sample(time_s=time_s, gpus=(GpuSample(gpu="GPU-0", **meters), GpuSample(gpu="GPU-1")))


def of_gpu(*samples: Sample, training: list[Block] | None = None) -> Energy | None:
    return gpu_energy("GPU-0", samples, blocks(0, 1, 2, 3) if training is None else training)


def test_the_counter_of_one_gpu() -> None:
    energy = of_gpu(
        gpu(0.5, energy_j=1_000.0), gpu(1.5, energy_j=1_040.0), gpu(2.5, energy_j=1_100)
    )
    assert energy is not None
    assert energy.source is EnergySource.GPU_COUNTER
    assert (energy.energy_j, energy.duration_s, energy.images) == (100.0, 2.0, 200.0)
    assert energy.images_per_j == pytest.approx(2.0)
    assert energy.mean_power_w == pytest.approx(50.0)
    assert energy.active_share == 1.0


def test_time_between_blocks_is_told() -> None:
    energy = of_gpu(gpu(0.0, energy_j=0.0), gpu(4.0, energy_j=80.0), training=blocks(0, 2))
    assert energy is not None
    assert energy.active_share == 0.5
    assert energy.images_per_j == pytest.approx(2.5)


def test_without_a_counter_the_power_is_summed_up() -> None:
    energy = of_gpu(gpu(0.0, power_w=20.0), gpu(1.0, power_w=40.0), gpu(3.0, power_w=40.0))
    assert energy is not None
    assert energy.source is EnergySource.GPU_POWER
    assert energy.energy_j == pytest.approx(30.0 + 80.0)
    assert energy.images == pytest.approx(300.0)


def test_nothing_is_told_from_one_reading_or_from_a_moment() -> None:
    assert of_gpu() is None
    assert of_gpu(gpu(1.0, energy_j=5.0)) is None
    assert of_gpu(gpu(1.0, energy_j=5.0), gpu(1.5, energy_j=9.0)) is None
    assert of_gpu(gpu(0.0), gpu(2.0)) is None


def test_nothing_is_told_without_training_in_that_time() -> None:
    assert of_gpu(gpu(0.0, energy_j=5.0), gpu(2.0, energy_j=9.0), training=blocks(7)) is None


def test_a_counter_that_was_reset_goes_on() -> None:
    energy = of_gpu(gpu(0.0, energy_j=100.0), gpu(1.0, energy_j=110.0), gpu(2.0, energy_j=30.0))
    assert energy is not None
    assert energy.energy_j == 40.0


def test_the_cpus_packages() -> None:
    samples = [Sample(time_s=float(i), cpu_energy_j=40.0 * i) for i in range(3)]
    energy = cpu_energy(samples, blocks(0, 1))
    assert energy is not None
    assert energy.source is EnergySource.CPU_COUNTER
    assert energy.images_per_j == pytest.approx(2.5)


def test_a_cpu_that_tells_nothing_has_no_energy() -> None:
    assert cpu_energy([Sample(time_s=0.0), Sample(time_s=2.0)], blocks(0, 1)) is None


def test_neighbouring_samples_as_one_keep_the_last_reading() -> None:
    pair = [Sample(time_s=1.0, cpu_energy_j=10.0), Sample(time_s=2.0, cpu_energy_j=30.0)]
    assert mean_sample(pair).cpu_energy_j == 30.0
    assert mean_sample([pair[0], Sample(time_s=2.0)]).cpu_energy_j == 10.0
