import pytest

from rigcheck.bench.result import Block, DeviceRun, Outcome
from rigcheck.bench.speedups import ratio_interval, ratio_text, sentence, speed_ups


def run_of(device: str, *rates: int, label: str = "") -> DeviceRun:
    """A run whose blocks took a second each."""
    return DeviceRun(
        device=device,
        label=label or device.upper(),
        name="",
        identity="",
        outcome=Outcome.DONE,
        error="",
        hint="",
        stage="evaluation",
        python="python",
        torch_version="2.0.0",
        threads=2,
        batch_size=100,
        data=None,
        warm_up_s=0.1,
        rate=None,
        epoch_s=None,
        blocks=tuple(
            Block(start_at_s=i, end_at_s=i + 1, images=rate, epoch=1, loss=0.1)
            for i, rate in enumerate(rates)
        ),
        epochs=(),
        evaluation=None,
    )


STEADY = (1_000, 1_005, 995, 1_002, 998, 1_001, 999)


def test_a_gpu_is_compared_with_the_cpu() -> None:
    gpu = run_of("cuda:0", *(int(6.3 * rate) for rate in STEADY), label="GPU 0")
    (speed_up,) = speed_ups([run_of("cpu", *STEADY), gpu])
    assert (speed_up.device, speed_up.baseline) == ("cuda:0", "cpu")
    assert speed_up.low < speed_up.ratio < speed_up.high
    assert speed_up.ratio == pytest.approx(6.3, rel=0.001)
    assert speed_up.sentence == "GPU 0 trains LeNet 6.3× as fast as the CPU"


def test_every_gpu_gets_its_sentence() -> None:
    runs = [run_of("cpu", *STEADY), run_of("cuda:0", *STEADY), run_of("cuda:1", *STEADY)]
    assert [s.device for s in speed_ups(runs)] == ["cuda:0", "cuda:1"]


def test_without_the_cpu_there_is_nothing_to_compare_with() -> None:
    assert speed_ups([run_of("cuda:0", *STEADY), run_of("cuda:1", *STEADY)]) == ()


def test_a_device_that_measured_nothing_is_left_out() -> None:
    assert speed_ups([run_of("cpu", *STEADY), run_of("cuda:0")]) == ()
    assert speed_ups([run_of("cpu"), run_of("cuda:0", *STEADY)]) == ()


def test_restless_blocks_widen_the_interval() -> None:
    restless = (600, 1_400, 800, 1_200, 1_000, 700, 1_300)
    blocks, steady = run_of("cuda:0", *restless).blocks, run_of("cpu", *STEADY).blocks
    _, low, high = ratio_interval(blocks, steady)
    _, steady_low, steady_high = ratio_interval(steady, steady)
    assert high - low > 10 * (steady_high - steady_low)


@pytest.mark.parametrize(
    ("ratio", "low", "high", "expected"),
    [
        (6.31, 6.25, 6.37, "GPU 0 trains LeNet 6.3× as fast as the CPU"),
        (6.31, 4.0, 8.7, "GPU 0 trains LeNet 6× as fast as the CPU"),
        (12.4, 12.2, 12.6, "GPU 0 trains LeNet 12× as fast as the CPU"),
        (0.82, 0.80, 0.84, "GPU 0 trains LeNet at 0.82× the CPU's speed"),
        (0.82, 0.70, 0.95, "GPU 0 trains LeNet at 0.8× the CPU's speed"),
        (0.98, 0.95, 1.02, "GPU 0 trains LeNet about as fast as the CPU (0.98×)"),
    ],
)
def test_the_sentence_has_the_digits_that_the_interval_allows(
    ratio: float, low: float, high: float, expected: str
) -> None:
    assert sentence("GPU 0", ratio, low, high, enough_blocks=True) == expected


def test_too_few_blocks_make_it_about() -> None:
    (speed_up,) = speed_ups([run_of("cpu", 1_000), run_of("cuda:0", 6_300, label="GPU 0")])
    assert speed_up.sentence == "GPU 0 trains LeNet about 6× as fast as the CPU"


@pytest.mark.parametrize(
    ("ratio", "half_width", "expected"),
    [
        (9.96, 0.01, "10×"),
        (9.94, 0.01, "9.9×"),
        (99.6, 1.0, "100×"),
        (153.0, 10.0, "150×"),
        (153.0, 80.0, "200×"),
        (1.0, 0.01, "1.0×"),
        (0.0312, 0.0001, "0.031×"),
    ],
)
def test_a_ratio_is_rounded_to_its_digits(ratio: float, half_width: float, expected: str) -> None:
    assert ratio_text(ratio, half_width) == expected
