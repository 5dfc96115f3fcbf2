"""What was measured beside the rate in memory, as lines of text."""

import msgspec

from rigcheck.bench.ceiling import CeilingShare
from rigcheck.bench.conclusions import Bottleneck, BottleneckKind, Energy, EnergySource
from rigcheck.bench.result import DeviceRun, Outcome, Rate, Ratio, SweepPoint, TierRun, Waits
from rigcheck.bench.tier import Tier
from rigcheck.report.bench_text import measured_texts, tier_text

RATE = Rate(
    images_per_s=15_900.0,
    low_images_per_s=15_000.0,
    high_images_per_s=16_800.0,
    best_images_per_s=17_500.0,
    blocks=40,
)
RUN = DeviceRun(
    device="cpu",
    label="CPU",
    name="Athlon X4",
    identity="",
    outcome=Outcome.DONE,
    error="",
    hint="",
    stage="evaluation",
    python="python",
    torch_version="2.15.0",
    threads=2,
    batch_size=100,
    data=None,
    warm_up_s=0.1,
    rate=RATE,
    epoch_s=4.0,
    blocks=(),
    epochs=(),
    evaluation=None,
)


def texts(**fields: object) -> list[str]:
    return list(measured_texts(msgspec.structs.replace(RUN, **fields)))


def tier(**fields: object) -> TierRun:
    made = TierRun(
        tier=Tier.AS_WRITTEN,
        why_not="",
        warm_up_s=0.1,
        rate=msgspec.structs.replace(RATE, images_per_s=6_300.0),
        of_in_memory=Ratio(ratio=0.396, low=0.38, high=0.41, turns=3),
        blocks=(),
        epochs=(),
        first_epoch=None,
        evaluation=None,
    )
    return msgspec.structs.replace(made, **fields)


def test_waits_are_told_with_their_number_where_it_is_known() -> None:
    waits = Waits(
        images_per_s=98_000.0,
        of_in_memory=Ratio(ratio=0.7, low=0.68, high=0.72, turns=15),
        as_written_a_step=4.0,
        in_memory_a_step=0.0,
    )
    line = "as written without its loader  98.0 k images/s · 0.7× the speed in memory"
    assert f"{line}, waiting for the device 4 times a step" in texts(waits=waits)
    assert line in texts(waits=msgspec.structs.replace(waits, as_written_a_step=None))


def test_a_form_says_which_of_several_ways_it_is() -> None:
    how = "a CUDA graph of torch's own kernels; torch.compile: Triton is not installed"
    assert tier_text(tier(tier=Tier.PEAK, how=how)).endswith(f" · {how}")


def test_a_run_of_nothing_else_has_no_lines() -> None:
    assert texts() == []


def test_another_form_is_told_with_its_share_of_the_speed_in_memory() -> None:
    assert tier_text(tier()) == (
        "as-written · 6.30 k images/s (15.0 k–16.8 k) · 0.4× the speed in memory"
    )


def test_a_form_that_the_end_of_a_run_kept_from_its_first_block_says_so() -> None:
    told = tier(rate=None, of_in_memory=None)
    assert texts(tiers=(told,)) == ["as-written · not measured: the run ended before"]


def test_a_form_that_was_not_measured_says_why() -> None:
    told = tier(rate=None, of_in_memory=None, why_not="torchvision is not there")
    assert texts(tiers=(told,)) == ["as-written · not measured: torchvision is not there"]


def test_shares_energy_price_and_sweeps_have_a_line_each() -> None:
    share = CeilingShare(share=0.11, limit_images_per_s=144_300.0, dtype="float32", threads=2)
    energy = Energy(
        images_per_j=250.0,
        energy_j=100.0,
        duration_s=2.0,
        images=25_000.0,
        mean_power_w=50.0,
        active_share=1.0,
        source=EnergySource.CPU_COUNTER,
    )
    points = tuple(
        SweepPoint(value=n, images_per_s=8_000.0 * n, best_images_per_s=9_000.0 * n) for n in (1, 2)
    )
    assert texts(ceiling_share=share, energy=energy, price=53.0, thread_counts=points) == [
        "11% of the 144 k images/s that its arithmetic allows (float32)",
        "250 images a joule, 50 W (RAPL)",
        "300 images/s for each 1 of its price",
        "by threads  1: 8.00 k · 2: 16.0 k",
    ]


def test_the_bottleneck_comes_with_what_to_do() -> None:
    found = Bottleneck(
        device="cpu",
        kind=BottleneckKind.HOST_THREADS,
        sentence="1 thread computes where 2 cores may be used",
        advice="Train with `--threads 2`",
    )
    assert texts(bottleneck=found) == [
        "CPU: 1 thread computes where 2 cores may be used",
        "  Train with `--threads 2`",
    ]


def test_what_could_not_be_measured_is_told() -> None:
    assert texts(refused=("batch sizes: RuntimeError: no",)) == [
        "not measured: batch sizes: RuntimeError: no"
    ]
