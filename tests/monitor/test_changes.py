"""What a series of samples says of each GPU."""

import pytest

from rigcheck.monitor.changes import LOAD_PERCENT, GpuChanges, Throttle, gpu_changes, increase
from rigcheck.monitor.sample import GpuSample, Sample, XidEvent


def changes_of(*gpus: GpuSample) -> GpuChanges:
    samples = [Sample(time_s=float(n), gpus=(gpu,)) for n, gpu in enumerate(gpus)]
    (changes,) = gpu_changes(samples)
    return changes


def busy(**meters: object) -> GpuSample:
    return GpuSample(gpu="GPU-a", utilization_percent=97.0, **meters)  # type: ignore[arg-type]  # any meter


def idle(**meters: object) -> GpuSample:
    return GpuSample(gpu="GPU-a", utilization_percent=0.0, **meters)  # type: ignore[arg-type]  # any meter


def test_the_link_is_judged_by_its_best_under_load() -> None:
    changes = changes_of(
        idle(pcie_generation=5, pcie_width=16),
        busy(pcie_generation=1, pcie_width=8),
        busy(pcie_generation=4, pcie_width=8),
        busy(),
    )
    assert (changes.pcie_generation_max, changes.pcie_width_max) == (4, 8)
    assert (changes.samples, changes.samples_under_load) == (4, 3)


def test_without_load_nothing_is_said_of_link_and_clocks() -> None:
    changes = changes_of(idle(pcie_generation=1, sm_clock_mhz=210.0, power_w=9.0))
    assert changes.pcie_generation_max is None
    assert changes.sm_clock_max_mhz is None
    assert changes.power_max_w == 9.0


def test_the_limit_itself_counts_as_load() -> None:
    at = GpuSample(gpu="GPU-a", utilization_percent=LOAD_PERCENT)
    below = GpuSample(gpu="GPU-a", utilization_percent=LOAD_PERCENT - 1)
    assert changes_of(at, below).samples_under_load == 1


def test_a_card_that_does_not_tell_its_load_is_not_judged_as_loaded() -> None:
    assert changes_of(GpuSample(gpu="GPU-a", power_w=300.0)).samples_under_load == 0


def test_reasons_have_a_first_time_and_a_share_of_the_samples_under_load() -> None:
    changes = changes_of(
        idle(clocks_event_reasons=("idle",)),
        busy(clocks_event_reasons=("power cap",)),
        busy(clocks_event_reasons=("power cap", "power brake")),
        busy(clocks_event_reasons=()),
        busy(clocks_event_reasons=("power cap",)),
        busy(clocks_event_reasons=None),
    )
    assert changes.throttles == (
        Throttle(reason="power cap", first_s=1.0, share=0.75),
        Throttle(reason="power brake", first_s=2.0, share=0.25),
    )


def test_gaps_are_not_samples() -> None:
    changes = changes_of(busy(), GpuSample(gpu="GPU-a"), busy())
    assert changes.samples == 2


def test_counters_are_told_by_what_they_grew() -> None:
    changes = changes_of(
        busy(energy_j=1000.0, pcie_replays=7, ecc_corrected_errors=3),
        busy(energy_j=1100.0),
        busy(energy_j=1250.0, pcie_replays=9, ecc_corrected_errors=3),
    )
    assert changes.energy_j == 250.0
    assert changes.pcie_replays == 2
    assert changes.ecc_corrected_errors == 0
    assert changes.ecc_uncorrected_errors is None


@pytest.mark.parametrize(
    ("readings", "grown"),
    [
        ([], None),
        ([5], None),
        ([None, 5, None], None),
        ([5, 5], 0),
        ([5, None, 8], 3),
        ([5, 8, 2, 3], 6),  # begun anew after 8
    ],
)
def test_a_counter_grows_by_its_steps(readings: list[float | None], grown: float | None) -> None:
    assert increase(readings) == grown


def test_each_gpu_has_its_own_changes_and_errors() -> None:
    event = XidEvent(time_s=0.5, gpu="GPU-b", xid=79)
    samples = [
        Sample(
            time_s=0.0,
            gpus=(
                GpuSample(gpu="GPU-a", temperature_c=50.0),
                GpuSample(gpu="GPU-b", temperature_c=80.0),
            ),
            xids=(),
        ),
        Sample(time_s=1.0, gpus=(GpuSample(gpu="GPU-b", temperature_c=70.0),), xids=(event,)),
    ]
    first, second = gpu_changes(samples)
    assert (first.gpu, first.temperature_max_c, first.xids) == ("GPU-a", 50.0, ())
    assert (second.gpu, second.temperature_max_c, second.xids) == ("GPU-b", 80.0, (79,))


def test_errors_nobody_could_hear_are_not_none_heard() -> None:
    assert changes_of(busy()).xids is None


def test_no_samples_are_no_gpus() -> None:
    assert gpu_changes([]) == ()
