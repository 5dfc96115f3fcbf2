from typing import Any

import pytest

from rigcheck.bench.findings import judge_bench
from rigcheck.bench.result import BenchRun, Block, DeviceRun, Outcome, Rate
from rigcheck.findings import Finding, Verdict


def block(loss: float | None) -> Block:
    return Block(start_at_s=1.0, end_at_s=1.25, images=4000, epoch=1, loss=loss)


def finding(**fields: Any) -> tuple[Finding, ...]:
    run = DeviceRun(
        **{
            "device": "cuda:0",
            "label": "GPU 0",
            "name": "NVIDIA GeForce GTX 960",
            "identity": "GPU-1",
            "outcome": Outcome.DONE,
            "error": "",
            "hint": "",
            "details": "",
            "stage": "evaluation",
            "python": "/usr/bin/python3",
            "torch_version": "2.14.1+cu126",
            "threads": 2,
            "batch_size": 100,
            "data": None,
            "warm_up_s": 0.1,
            "rate": None,
            "epoch_s": None,
            "blocks": (block(0.3),),
            "epochs": (),
            "evaluation": None,
            **fields,
        }
    )
    return judge_bench(
        BenchRun(started_at="2026-11-22T18:04:05Z", devices=(run,), speed_ups=(), samples=())
    )


def test_a_device_that_trains_passes() -> None:
    (passed,) = finding()
    assert (passed.id, passed.verdict) == ("benchmark-fails", Verdict.PASS)


def test_a_device_that_fails_is_told_with_its_error_and_hint() -> None:
    (failed,) = finding(
        outcome=Outcome.FAILED,
        error="the GPU's memory ran out",
        hint="close programs",
        stage="data",
    )
    assert (failed.id, failed.verdict) == ("benchmark-fails", Verdict.FAIL)
    assert failed.subject == "GPU 0"
    assert "the GPU's memory ran out" in failed.headline
    assert failed.remedy is not None
    assert failed.remedy.text == "close programs"
    assert failed.evidence[0].text == "stage data"


@pytest.mark.parametrize("outcome", [Outcome.DONE, Outcome.FAILED])
def test_a_loss_that_is_no_number_is_divergence_however_the_run_ended(outcome: Outcome) -> None:
    (diverged,) = finding(outcome=outcome, blocks=(block(0.3), block(None)))
    assert (diverged.id, diverged.verdict) == ("training-diverges", Verdict.FAIL)


def rate(low: float, high: float) -> Rate:
    return Rate(
        images_per_s=10_000,
        low_images_per_s=low,
        high_images_per_s=high,
        best_images_per_s=high,
        blocks=40,
    )


def test_a_rate_that_moved_too_much_cannot_be_called() -> None:
    (unstable,) = finding(rate=rate(2_000, 12_000))
    assert (unstable.id, unstable.verdict) == ("run-unstable", Verdict.WARN)
    assert "±50%" in unstable.headline


def test_a_rate_with_the_interval_of_a_calm_machine_passes() -> None:
    (passed,) = finding(rate=rate(9_600, 10_400))
    assert (passed.id, passed.verdict) == ("benchmark-fails", Verdict.PASS)


def test_a_run_that_the_user_ended_says_nothing_of_the_device() -> None:
    assert finding(outcome=Outcome.CANCELLED) == ()
