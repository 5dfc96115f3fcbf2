"""What the monitor sees of cards that wake, slow down, fail or vanish while it watches."""

import os
import queue
import time
from collections.abc import Callable

import pytest

from rigcheck.monitor.changes import GpuChanges, gpu_changes
from rigcheck.monitor.monitor import Monitor
from rigcheck.monitor.sample import GpuSample, Sample
from tests.nvml.fake import PlugInNvml
from tests.nvml.symbols import LACKS

PERIOD_S = 0.05
PATIENCE_S = 60.0


def watch_until(seen: Callable[[list[Sample]], object]) -> list[Sample]:
    """Samples until they show what is waited for."""
    inbox: queue.Queue[Sample] = queue.Queue()
    samples: list[Sample] = []
    deadline_s = time.monotonic() + PATIENCE_S
    with Monitor(inbox.put, period_s=PERIOD_S):
        while not seen(samples):
            assert time.monotonic() < deadline_s, samples[-3:]
            samples.append(inbox.get(timeout=PATIENCE_S))
    return samples


def changes_until(seen: Callable[[GpuChanges], object]) -> GpuChanges:
    def is_seen(samples: list[Sample]) -> bool:
        changes = gpu_changes(samples)
        return bool(changes) and bool(seen(changes[0]))

    (changes,) = gpu_changes(watch_until(is_seen))
    return changes


def last_gpu(samples: list[Sample]) -> GpuSample | None:
    return samples[-1].gpus[0] if samples and samples[-1].gpus else None


def share_of(changes: GpuChanges, reason: str) -> float:
    return next((t.share for t in changes.throttles if t.reason == reason), 0.0)


def test_a_link_that_wakes_under_load_is_judged_by_what_it_reached(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("pcie-wakes")
    changes = changes_until(lambda c: c.samples_under_load >= 3)
    assert (changes.pcie_generation_max, changes.pcie_width_max) == (4, 16)
    assert share_of(changes, "idle") < 1


def test_a_link_that_stays_slow_under_load_has_reached_no_more(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("pcie-stays-gen1")
    changes = changes_until(lambda c: c.samples_under_load >= 3)
    assert changes.pcie_generation_max == 1


def test_a_card_at_rest_says_nothing_of_its_link(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("pcie-wakes", "gpu 0 utilization_percent 0")
    changes = changes_until(lambda c: c.samples >= 5)
    assert (changes.samples_under_load, changes.pcie_generation_max) == (0, None)
    assert changes.throttles == ()


def test_a_narrow_slot_shows_in_the_lanes(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("pcie-x4")
    assert changes_until(lambda c: c.samples_under_load >= 1).pcie_width_max == 4


def test_the_power_brake_is_seen_from_its_first_moment(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("power-brake")
    changes = changes_until(lambda c: share_of(c, "power brake"))
    assert {"hardware slowdown", "power brake"} <= {t.reason for t in changes.throttles}
    assert changes.sm_clock_max_mhz is not None
    assert changes.sm_clock_max_mhz <= 405


def test_heat_that_slows_the_card_down_is_seen_with_its_temperature(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("thermal")
    changes = changes_until(
        lambda c: share_of(c, "hardware thermal slowdown") and c.temperature_max_c == 97
    )
    assert share_of(changes, "power cap") < 1


def test_a_bit_that_nvidia_has_not_named_yet_is_told_in_hex(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 clocks_event_reasons 0x4004")
    samples = watch_until(lambda s: (gpu := last_gpu(s)) and gpu.clocks_event_reasons)
    gpu = last_gpu(samples)
    assert gpu is not None
    assert gpu.clocks_event_reasons == ("power cap", "0x4000")


def test_a_card_that_vanishes_leaves_gaps_and_what_was_seen_before(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("gpu-lost")
    uuid = "GPU-4090a1b2-c3d4-e5f6-0718-293a4b5c6d7e"
    gap = GpuSample(gpu=uuid)
    samples = watch_until(lambda s: len(s) > 3 and all(x.gpus == (gap,) for x in s[-3:]))
    (changes,) = gpu_changes(samples)
    assert changes.power_max_w is not None
    assert changes.samples < len(samples)


def test_xids_are_heard_in_order_and_by_card(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("xid-79")
    changes = changes_until(lambda c: c.xids and 79 in c.xids)
    assert changes.gpu == "GPU-4090a1b2-c3d4-e5f6-0718-293a4b5c6d7e"
    assert changes.xids == (13, 79)


def test_a_card_without_errors_has_reported_none(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("rtx-4090")
    assert changes_until(lambda c: c.samples >= 3).xids == ()


def test_a_card_that_reports_no_errors_to_us_is_not_one_without_errors(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 fail nvmlDeviceRegisterEvents 3")
    assert changes_until(lambda c: c.samples >= 3).xids is None


def test_counters_are_judged_by_their_growth(plug_in_nvml: PlugInNvml) -> None:
    """The dear meters come every five seconds, so the counters' second reading does, too."""
    moving = ("gpu 0 ecc_1_0 ramp 1 1000001 1000", "gpu 0 energy_mj ramp 0 1000000000 1000")
    plug_in_nvml("pending-remap", *moving)
    changes = changes_until(lambda c: c.ecc_corrected_errors is not None)
    assert changes.ecc_corrected_errors == 0
    assert changes.ecc_uncorrected_errors is not None
    assert 0 < changes.ecc_uncorrected_errors < 1_000_000
    assert changes.energy_j is not None
    assert 0 < changes.energy_j < 1_000_000
    assert changes.pcie_replays is None, "this card does not tell them"


def test_gb10_tells_what_its_processes_hold_and_no_link(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("gb10")
    samples = watch_until(lambda s: (gpu := last_gpu(s)) and gpu.memory_used_bytes is not None)
    gpu = last_gpu(samples)
    assert gpu is not None
    assert gpu.memory_used_bytes == 21 * 1024**3
    assert (gpu.pcie_generation, gpu.pcie_width, gpu.utilization_percent) == (None, None, 93)


def test_a_mig_parent_has_no_utilization_and_its_other_meters(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("mig")
    samples = watch_until(lambda s: (gpu := last_gpu(s)) and gpu.power_w is not None)
    gpu = last_gpu(samples)
    assert gpu is not None
    assert (gpu.utilization_percent, gpu.memory_used_bytes) == (None, 62_914_560)


def test_eight_cards_are_told_apart(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("eight-h100")
    samples = watch_until(
        lambda s: len(gpu_changes(s)) == 8 and gpu_changes(s)[7].samples_under_load >= 2
    )
    changes = gpu_changes(samples)
    assert [c.sm_clock_max_mhz for c in changes].index(1185) == 5
    assert [c.memory_temperature_max_c for c in changes] == [71, 71, 71, 71, 71, 96, 71, 71]
    slowed = [c.gpu for c in changes if share_of(c, "software thermal slowdown")]
    assert slowed == ["GPU-11000005-aaaa-bbbb-cccc-dddddddddddd"]


def test_bursts_and_rests_are_both_seen(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("bursts")
    changes = changes_until(lambda c: 0 < c.samples_under_load < c.samples)
    assert changes.power_max_w == 390


@pytest.mark.parametrize("driver", sorted(LACKS))
def test_each_driver_s_library_feeds_the_same_meters(plug_in_nvml: PlugInNvml, driver: str) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 temperature_c 55", *LACKS[driver])
    samples = watch_until(lambda s: (gpu := last_gpu(s)) and gpu.power_w is not None)
    gpu = last_gpu(samples)
    assert gpu is not None
    gaps = {name for name in gpu.__struct_fields__ if getattr(gpu, name) is None}
    assert gaps - {"ecc_corrected_errors", "ecc_uncorrected_errors"} <= {"memory_temperature_c"}
    assert gpu.temperature_c == 55


def test_the_sampler_says_what_it_costs(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("eight-h100")
    inbox: queue.Queue[Sample] = queue.Queue()
    deadline_s = time.monotonic() + PATIENCE_S
    with Monitor(inbox.put, period_s=PERIOD_S) as monitor:
        while monitor.cost is None or monitor.cost.gpu_read_s is None:
            assert time.monotonic() < deadline_s
            time.sleep(PERIOD_S)
    assert monitor.cost.samples >= 1
    assert monitor.cost.missed >= 0
    assert monitor.cost.cpu_share > 0
    assert monitor.cost.gpu_read_s > 0


def test_the_library_can_be_named(
    plug_in_nvml: PlugInNvml, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug_in_nvml("gtx-960")
    folder = os.environ["LD_LIBRARY_PATH"].partition(":")[0]
    monkeypatch.delenv("LD_LIBRARY_PATH")
    inbox: queue.Queue[Sample] = queue.Queue()
    with Monitor(inbox.put, period_s=PERIOD_S, nvml_library=f"{folder}/libnvidia-ml.so.1"):
        while not inbox.get(timeout=PATIENCE_S).gpus:
            pass
