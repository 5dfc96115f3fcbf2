from typing import Any

import msgspec
import pytest

from rigcheck.bench.result import Rate, TierRun
from rigcheck.bench.tier import Tier
from rigcheck.compare.comparison import Difference, SpeedChange
from rigcheck.compare.speeds import compare_rates, speed_changes
from rigcheck.facts import Nvml
from rigcheck.monitor.sample import GpuSample, Sample
from rigcheck.report.report import Report
from tests.report.kept import DIGITS, UUID_0, rate, report, rig, trained
from tests.rules.health_rigs import full_4090
from tests.rules.rigs import found


def compared(before: Rate | None, after: Rate | None) -> SpeedChange:
    return compare_rates(trained("GPU 0"), Tier.IN_MEMORY, before, after)


@pytest.mark.parametrize(
    ("after", "difference"),
    [
        (rate(62_000), Difference.SLOWER),
        (rate(161_000), Difference.FASTER),
        (rate(101_500), Difference.NONE),
        (rate(80_000, half_width=0.25), Difference.NONE),
        (rate(97_000, half_width=0.03), Difference.NONE),
        (rate(97_000, half_width=0.01), Difference.SLOWER),
    ],
)
def test_a_difference_is_real_beyond_both_intervals(after: Rate, difference: Difference) -> None:
    told = compared(rate(100_000, half_width=0.01), after)
    assert told.difference is difference
    assert told.low is not None
    assert told.high is not None
    assert told.ratio is not None
    assert told.low < told.ratio < told.high
    if difference is not Difference.NONE:
        assert not told.low <= 1 <= told.high


def test_intervals_that_do_not_meet_but_lie_close_are_no_real_difference() -> None:
    told = compared(rate(100_000, half_width=0.001), rate(98_500, half_width=0.001))
    assert told.high is not None
    assert told.high < 1
    assert told.difference is Difference.NONE


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (None, rate(1.0), "not measured before"),
        (rate(1.0), None, "not measured after"),
        (rate(1.0, blocks=4), rate(2.0), "too short"),
        (rate(1.0), rate(2.0, blocks=4), "too short"),
    ],
)
def test_without_two_intervals_nothing_compares(
    before: Rate | None, after: Rate | None, why: str
) -> None:
    told = compared(before, after)
    assert told.difference is Difference.NOT_TOLD
    assert why in told.why_not
    assert told.ratio is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"data": DIGITS}, "MNIST before, built-in digits after"),
        ({"data": None}, "not known"),
        ({"batch_size": 1000}, "batch 100 before, 1000 after"),
    ],
)
def test_other_data_and_other_batches_do_not_compare(changes: dict[str, Any], why: str) -> None:
    (told,) = speed_changes(report(trained("CPU")), report(trained("CPU", **changes)))
    assert told.difference is Difference.NOT_TOLD
    assert why in told.why_not


def test_another_directory_of_mnist_is_the_same_data() -> None:
    moved = msgspec.structs.replace(DIGITS, path="/mnt")
    (told,) = speed_changes(report(trained("CPU", data=DIGITS)), report(trained("CPU", data=moved)))
    assert told.difference is Difference.NONE


def test_a_form_is_compared_with_the_same_form() -> None:
    peak = TierRun(
        tier=Tier.PEAK,
        why_not="",
        warm_up_s=None,
        rate=rate(90_000),
        of_in_memory=None,
        blocks=(),
        epochs=(),
        first_epoch=None,
        evaluation=None,
    )
    told = speed_changes(report(trained("GPU 0", tiers=(peak,))), report(trained("GPU 0")))
    assert {(one.tier, one.difference) for one in told} == {
        (Tier.IN_MEMORY, Difference.NONE),
        (Tier.PEAK, Difference.NOT_TOLD),
    }


def on_link(width: int, driver: str, speed: float) -> Report:
    """A GPU with this link under load, at rest as any other."""
    card = msgspec.structs.replace(full_4090(), uuid=found(UUID_0))
    facts = rig(nvml=Nvml(driver_version=found(driver), gpus=found((card,))))
    told = GpuSample(gpu=UUID_0, utilization_percent=95.0, pcie_generation=4, pcie_width=width)
    samples = tuple(Sample(time_s=float(i), gpus=(told,)) for i in range(8))
    return report(trained("GPU 0", rate(speed)), facts=facts, samples=samples)


def test_the_cause_is_found_from_what_was_sampled_under_load() -> None:
    before, after = on_link(16, "570.86.10", 160_000), on_link(4, "580.95.05", 99_200)
    (told,) = speed_changes(before, after)
    assert (
        told.sentence
        == "driver 570.86.10 → 580.95.05, torch the same, GPU 0 -38 %: its link is now x4"
    )
    assert told.causes[0].evidence[0].text == "link under load: PCIe 4 x16 → PCIe 4 x4"


def test_the_same_link_leaves_the_driver() -> None:
    (told,) = speed_changes(on_link(16, "570.86.10", 160_000), on_link(16, "580.95.05", 99_200))
    assert told.sentence.endswith("GPU 0 -38 %: likely the driver")


def test_a_loss_that_nothing_explains_says_so() -> None:
    (told,) = speed_changes(report(trained("CPU")), report(trained("CPU", rate(8_000))))
    assert told.sentence == (
        "kernel the same, torch the same, CPU -50 %: nothing that rigcheck sees explains it"
    )


def test_what_lost_most_comes_first() -> None:
    before = report(trained("CPU"), trained("GPU 0"), trained("GPU 1"))
    after = report(trained("CPU"), trained("GPU 0", rate(12_000)), trained("GPU 1", rate(8_000)))
    assert [one.label for one in speed_changes(before, after)] == ["GPU 1", "GPU 0", "CPU"]


def test_a_gain_of_more_than_twice_is_told_in_times() -> None:
    (told,) = speed_changes(report(trained("CPU")), report(trained("CPU", rate(64_000))))
    assert told.sentence.startswith("kernel the same, torch the same, CPU 4×: ")
