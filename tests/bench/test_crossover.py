"""From which batch on a GPU is the faster, on literal sweeps."""

import msgspec
import pytest

from rigcheck.bench.crossover import crossover_sentences, wins_from
from rigcheck.bench.result import DeviceRun, SweepPoint
from tests.report.test_bench_text import RUN


def sweep(**rates: float) -> tuple[SweepPoint, ...]:
    """`b100=…`: images a second at batch 100."""
    return tuple(
        SweepPoint(value=int(batch[1:]), images_per_s=rate, best_images_per_s=rate)
        for batch, rate in rates.items()
    )


CPU = sweep(b100=10_000, b512=14_000, b4096=12_000)


@pytest.mark.parametrize(
    ("gpu", "expected"),
    [
        (sweep(b100=20_000, b512=90_000, b4096=300_000), 100),
        (sweep(b100=8_000, b512=90_000, b4096=300_000), 512),
        (sweep(b100=20_000, b512=9_000, b4096=300_000), 4_096),
        (sweep(b100=20_000, b512=90_000, b4096=11_000), None),
        (sweep(b100=20_000, b512=90_000), 100),  # its memory ended
        (sweep(b256=20_000), None),
        ((), None),
    ],
)
def test_the_batch_from_which_on_the_gpu_wins(
    gpu: tuple[SweepPoint, ...], expected: int | None
) -> None:
    assert wins_from(gpu, CPU) == expected


def device(name: str, points: tuple[SweepPoint, ...]) -> DeviceRun:
    label = "CPU" if name == "cpu" else "GPU 0"
    return msgspec.structs.replace(RUN, device=name, label=label, batch_sizes=points)


def test_the_sentence_tells_where_each_is_fastest() -> None:
    gpu = device("cuda:0", sweep(b100=8_000, b512=90_000, b4096=300_000))
    (sentence,) = crossover_sentences([device("cpu", CPU), gpu])
    assert sentence == (
        "GPU 0 is faster than the CPU from batch 512 on; best 300 k images/s at batch 4,096, "
        "CPU 14.0 k images/s at batch 512"
    )


def test_without_both_sweeps_nothing_is_said() -> None:
    gpu = device("cuda:0", sweep(b100=8_000))
    assert list(crossover_sentences([gpu])) == []
    assert list(crossover_sentences([device("cpu", ()), gpu])) == []
