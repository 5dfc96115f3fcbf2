import random
import statistics
from collections.abc import Iterator

import pytest

from rigcheck.bench.result import Block, Rate
from rigcheck.bench.statistics import interval, measured_rate, resampled_medians


def blocks(*rates: float) -> list[Block]:
    """One block a second, at each of these images a second."""
    return [
        Block(start_at_s=i, end_at_s=i + 1, images=round(rate), epoch=1, loss=0.1)
        for i, rate in enumerate(rates)
    ]


def test_the_rate_is_the_median_block() -> None:
    rate = measured_rate(blocks(1_000, 1_010, 100, 1_020, 990))
    assert rate is not None
    assert rate.images_per_s == 1_000
    assert rate.blocks == 5


def test_the_interval_holds_the_median() -> None:
    generator = random.Random(2)  # noqa: S311 -- not a secret
    rate = measured_rate(blocks(*(generator.gauss(1_000, 50) for _ in range(40))))
    assert rate is not None
    assert 900 < rate.low_images_per_s < rate.images_per_s < rate.high_images_per_s < 1_100


def test_a_run_that_was_fast_and_then_slow_is_not_known_well() -> None:
    steady = [1_000.0, 1_010.0, 990.0, 1_005.0, 995.0] * 8
    slower = [rate * 0.8 for rate in steady[:20]]
    drifting = measured_rate(blocks(*steady[20:], *slower))
    mixed = measured_rate(blocks(*(r for pair in zip(steady, slower, strict=False) for r in pair)))
    assert drifting is not None
    assert mixed is not None
    assert _width(drifting) > 3 * _width(mixed)


def test_an_interval_is_never_wider_than_the_range_of_the_blocks() -> None:
    rate = measured_rate(blocks(*[300.0] * 8, *[14_000.0, 14_500.0, 15_000.0] * 10))
    assert rate is not None
    assert rate.low_images_per_s == pytest.approx(300)
    assert rate.high_images_per_s == pytest.approx(15_000)


def _width(rate: Rate) -> float:
    return rate.high_images_per_s - rate.low_images_per_s


def test_the_best_rate_is_the_mean_of_the_fastest_tenth() -> None:
    rate = measured_rate(blocks(*range(1, 21)))
    assert rate is not None
    assert rate.best_images_per_s == (19 + 20) / 2


def test_one_block_is_all_that_is_known() -> None:
    rate = measured_rate(blocks(500))
    assert rate is not None
    assert (rate.low_images_per_s, rate.images_per_s, rate.high_images_per_s) == (500, 500, 500)
    assert rate.best_images_per_s == 500


def test_without_a_block_there_is_no_rate() -> None:
    assert measured_rate([]) is None


def test_the_same_blocks_give_the_same_interval() -> None:
    told = blocks(*(900.0 + i for i in range(30)))
    assert measured_rate(told) == measured_rate(told[::-1])


@pytest.mark.parametrize("n", [9, 40, 41])
def test_resampled_medians_are_distributed_like_those_of_a_plain_bootstrap(n: int) -> None:
    generator = random.Random(1)  # noqa: S311 -- not a secret
    rates = sorted(generator.gauss(1_000, 100) for _ in range(n))
    plain = [statistics.median(generator.choices(rates, k=n)) for _ in range(4_000)]
    ours = resampled_medians(rates, generator)
    spread = statistics.stdev(rates)
    assert abs(statistics.fmean(ours) - statistics.fmean(plain)) < 0.05 * spread
    assert statistics.stdev(ours) == pytest.approx(statistics.stdev(plain), rel=0.1)
    for mine, theirs in zip(interval(ours), interval(plain), strict=True):
        assert abs(mine - theirs) < 0.15 * spread


@pytest.mark.parametrize(("memory", "mood_of_the_run"), [(0.0, 0.0), (0.8, 0.0), (0.65, 0.35)])
def test_the_interval_holds_the_true_median_nine_times_in_ten(
    memory: float, mood_of_the_run: float
) -> None:
    """Also where a block is much like the one before it, and one run a little unlike another."""
    generator = random.Random(3)  # noqa: S311 -- not a secret
    held = 0
    for _ in range(400):
        rate = measured_rate(blocks(*_moody(generator, memory, mood_of_the_run)))
        assert rate is not None
        held += rate.low_images_per_s <= 10_000 <= rate.high_images_per_s
    assert held >= 360


def _moody(generator: random.Random, memory: float, mood_of_the_run: float) -> Iterator[float]:
    always, mood = generator.gauss(0, mood_of_the_run), generator.gauss(0, 1)
    for _ in range(40):
        mood = memory * mood + (1 - memory**2) ** 0.5 * generator.gauss(0, 1)
        yield 10_000 + 500 * (always + mood)
