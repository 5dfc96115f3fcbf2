"""Results held against another device's, against its own and against what must be learned."""

import msgspec
import pytest

from rigcheck.bench.agreement import judge_agreement
from rigcheck.bench.result import (
    BenchRun,
    Data,
    DataKind,
    DeviceRun,
    Epoch,
    Evaluation,
    LossWindow,
    Outcome,
    Rate,
)
from rigcheck.findings import Finding, Verdict

RATE = Rate(
    images_per_s=1_000.0,
    low_images_per_s=990.0,
    high_images_per_s=1_010.0,
    best_images_per_s=1_050.0,
    blocks=20,
)
CURVE = (2.1, 1.2, 0.8, 0.6)


def evaluation(accuracy: float, images: int = 10_000) -> Evaluation:
    return Evaluation(images=images, duration_s=0.3, loss=0.1, accuracy=accuracy)


def run(device: str, curve: tuple[float | None, ...] = CURVE, **fields: object) -> DeviceRun:
    made = DeviceRun(
        device=device,
        label="CPU" if device == "cpu" else "GPU 0",
        name="",
        identity="",
        outcome=Outcome.DONE,
        error="",
        hint="",
        stage="evaluation",
        python="python",
        torch_version="2.15.0",
        threads=2,
        batch_size=100,
        data=Data(kind=DataKind.MNIST, path="", train_images=60_000, test_images=10_000),
        warm_up_s=0.1,
        rate=RATE,
        epoch_s=60.0,
        blocks=(),
        epochs=(),
        first_epoch=evaluation(0.962),
        evaluation=evaluation(0.977),
        loss_curve=tuple(LossWindow(steps=50 * (i + 1), loss=x) for i, x in enumerate(curve)),
        repeats_bitwise=True,
    )
    return msgspec.structs.replace(made, **fields)


def judged(*runs: DeviceRun) -> tuple[Finding, ...]:
    return judge_agreement(BenchRun(started_at="", devices=runs, speed_ups=(), samples=()))


def wrong(*runs: DeviceRun) -> list[str]:
    return [finding.id for finding in judged(*runs) if finding.verdict is Verdict.FAIL]


def test_devices_that_learn_the_same_pass() -> None:
    (finding,) = judged(run("cpu"), run("cuda:0"))
    assert finding.verdict is Verdict.PASS
    assert finding.headline == "GPU 0 and the CPU learn the same from the same images"


@pytest.mark.parametrize(
    "curve", [(2.1, 1.25, 0.8, 0.6), (2.1, 1.2, 0.8, 0.61), (2.1, None, None, None)]
)
def test_a_loss_curve_that_leaves_the_cpus_is_wrong(curve: tuple[float | None, ...]) -> None:
    assert wrong(run("cpu"), run("cuda:0", curve)) == ["device-results-disagree"]


def test_what_rounding_does_is_not_wrong() -> None:
    assert wrong(run("cpu"), run("cuda:0", (2.1005, 1.2009, 0.8, 0.6))) == []


def test_the_window_that_is_apart_is_evidence() -> None:
    (finding,) = judged(run("cpu"), run("cuda:0", (2.1, 1.2, 0.9, 0.6)))
    assert finding.evidence[0].text.startswith("loss over steps 100 to 150: 12.50% apart")


def test_accuracies_may_differ_as_far_as_the_test_images_allow() -> None:
    assert wrong(run("cpu"), run("cuda:0", first_epoch=evaluation(0.955))) == []
    assert wrong(run("cpu"), run("cuda:0", first_epoch=evaluation(0.9505))) == [
        "device-results-disagree"
    ]


def test_few_test_images_allow_more() -> None:
    few = [evaluation(share, images=100) for share in (0.99, 0.96)]
    assert wrong(run("cpu", first_epoch=few[0]), run("cuda:0", first_epoch=few[1])) == []


def test_without_a_cpu_or_a_whole_epoch_nothing_is_compared() -> None:
    assert judged(run("cuda:0")) == ()
    assert wrong(run("cpu", first_epoch=None), run("cuda:0", first_epoch=None)) == []


def test_a_device_that_does_not_repeat_itself_disagrees_with_itself() -> None:
    (finding,) = judged(run("cpu", repeats_bitwise=False))
    assert (finding.id, finding.verdict) == ("device-results-disagree", Verdict.FAIL)
    assert "than itself" in finding.headline


def test_a_device_of_which_no_repeat_is_promised_is_left_alone() -> None:
    assert wrong(run("cpu"), run("xpu:0", repeats_bitwise=None)) == []


def test_mnist_must_be_learned() -> None:
    two = tuple(Epoch(number=n, duration_s=3.0, train_loss=0.1, train_accuracy=0.9) for n in (1, 2))
    assert wrong(run("cpu", first_epoch=evaluation(0.949))) == ["training-diverges"]
    assert wrong(run("cpu", epochs=two, evaluation=evaluation(0.969))) == ["training-diverges"]
    assert wrong(run("cpu", epochs=two, evaluation=evaluation(0.971))) == []


def test_other_data_is_not_known_well_enough() -> None:
    digits = Data(kind=DataKind.BUILT_IN_DIGITS, path="", train_images=60_000, test_images=10_000)
    assert wrong(run("cpu", data=digits, first_epoch=evaluation(0.5))) == []
