"""gpu-outlier, by how twins train."""

from rigcheck.findings import Verdict
from rigcheck.rules.load_twins import Trained, judge_twins


def trained(index: int, rate: float, clock_mhz: float | None = 1980.0) -> Trained:
    return Trained(
        subject=f"GPU {index}",
        images_per_s=rate,
        high_images_per_s=rate * 1.02,
        sm_clock_max_mhz=clock_mhz,
    )


def odd(*twins: Trained) -> list[str]:
    return [j.subject for j in judge_twins(twins) if j.verdict is Verdict.WARN]


def test_the_one_of_eight_that_trains_slower_is_named() -> None:
    rates = [50_000.0 + 100 * index for index in range(8)]
    rates[5] = 30_000.0
    twins = [trained(index, rate) for index, rate in enumerate(rates)]
    assert odd(*twins) == ["GPU 5"]


def test_some_percent_between_twins_are_normal() -> None:
    assert odd(*(trained(index, 50_000.0 - 600 * index) for index in range(8))) == []


def test_a_low_rate_whose_interval_is_wide_is_not_beyond_chance() -> None:
    shaky = Trained(
        subject="GPU 1", images_per_s=40_000.0, high_images_per_s=52_000.0, sm_clock_max_mhz=None
    )
    assert odd(trained(0, 50_000.0), shaky) == []


def test_a_lower_clock_is_told_where_launching_hides_it_from_the_rate() -> None:
    twins = [trained(index, 50_000.0) for index in range(7)]
    assert odd(*twins, trained(7, 50_000.0, 1185.0)) == ["GPU 7"]


def test_clocks_that_are_not_told_are_not_low() -> None:
    assert odd(trained(0, 50_000.0), trained(1, 50_000.0, None)) == []


def test_one_alone_has_no_twin() -> None:
    assert list(judge_twins([trained(0, 50_000.0)])) == []
