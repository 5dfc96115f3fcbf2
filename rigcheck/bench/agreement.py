"""Whether results are right: like the CPU's, like its own, and as good as they must be."""

import math
from collections.abc import Iterator, Sequence

from rigcheck.bench.parity import LOSS_CURVE_BOUND, curves_agree
from rigcheck.bench.result import BenchRun, DataKind, DeviceRun, Evaluation
from rigcheck.findings import Evidence, Finding, Remedy, Verdict
from rigcheck.target.curve import WINDOW_STEPS

_LINK = "https://pytorch.org/docs/stable/notes/randomness.html"
_SURE = 3.0
"""Standard errors by which two accuracies may differ by chance: once in 370."""
_LEARNED = ((1, 0.95), (2, 0.97))
"""Test accuracy that LeNet reaches on MNIST after so many epochs at least: five seeds on CPUs gave
0.959 to 0.968 after one, 0.977 to 0.979 after two."""
_REMEDY = Remedy(
    text="A wrong result outranks any speed. Take overclocks and undervolting back, and see "
    "whether it stays; then test the memory and the supply of that device. With another torch it "
    "shows whether a library is at fault",
    commands=("nvidia-smi -q -d ECC,PAGE_RETIREMENT,CLOCK", "rigcheck check --vram-test"),
    verify="rigcheck bench",
)


def judge_agreement(bench: BenchRun) -> tuple[Finding, ...]:
    """`device-results-disagree` and, where a device learned too little, `training-diverges`."""
    measured = [run for run in bench.devices if run.rate is not None]
    return tuple(finding for run in measured for finding in _judge(run, measured))


def _judge(run: DeviceRun, measured: Sequence[DeviceRun]) -> Iterator[Finding]:
    yield from _judge_learning(run)
    others = [other for other in measured if other is not run]
    reference = next((other for other in others if other.device == "cpu"), None)
    if run.device != "cpu" and reference is not None:
        yield _disagreement(run, [*_curves(run, reference), *_accuracies(run, reference)])
    if run.repeats_bitwise is False:
        yield _disagreement(run, ["the same 20 steps, taken twice, gave different weights"])


def _disagreement(run: DeviceRun, wrong: list[str]) -> Finding:
    with_whom = "itself" if run.repeats_bitwise is False and len(wrong) == 1 else "the CPU"
    return _finding(
        "device-results-disagree",
        run,
        f"{run.label} trains LeNet to other results than {with_whom}"
        if wrong
        else f"{run.label} and the CPU learn the same from the same images",
        wrong or [f"loss curves within {LOSS_CURVE_BOUND:.1%} in each window of the first epoch"],
        is_wrong=bool(wrong),
    )


def _curves(run: DeviceRun, reference: DeviceRun) -> Iterator[str]:
    found = curves_agree(
        [window.loss for window in run.loss_curve],
        [window.loss for window in reference.loss_curve],
    )
    if not found.agree:
        first = found.worst_window * WINDOW_STEPS
        apart = f"{found.worst_share:.2%}" if math.isfinite(found.worst_share) else "not a number"
        yield (
            f"loss over steps {first} to {first + WINDOW_STEPS}: {apart} apart, rounding explains "
            f"{LOSS_CURVE_BOUND:.1%}"
        )


def _accuracies(run: DeviceRun, reference: DeviceRun) -> Iterator[str]:
    """After the same images: those of the first epoch."""
    own, others = run.first_epoch, reference.first_epoch
    if own is None or others is None:
        return
    allowed = _SURE * math.sqrt(_variance(own) + _variance(others))
    if abs(own.accuracy - others.accuracy) > allowed:
        yield (
            f"test accuracy after an epoch: {own.accuracy:.2%}, {reference.label} "
            f"{others.accuracy:.2%}; {own.images:,} images allow {allowed:.2%}"
        )


def _variance(evaluation: Evaluation) -> float:
    """Of a share of so many images, binomially."""
    return evaluation.accuracy * (1 - evaluation.accuracy) / evaluation.images


def _judge_learning(run: DeviceRun) -> Iterator[Finding]:
    """Only MNIST is known well enough."""
    if run.data is None or run.data.kind is not DataKind.MNIST:
        return
    reached = {1: run.first_epoch, len(run.epochs): run.evaluation}
    for epochs, least in _LEARNED:
        evaluation = reached.get(epochs)
        if evaluation is not None and evaluation.accuracy < least:
            yield _finding(
                "training-diverges",
                run,
                f"LeNet learns too little on {run.label}",
                [f"{evaluation.accuracy:.1%} after {epochs} epochs; it must be {least:.0%}"],
                is_wrong=True,
            )


def _finding(
    finding_id: str, run: DeviceRun, headline: str, evidence: list[str], *, is_wrong: bool
) -> Finding:
    return Finding(
        id=finding_id,
        verdict=Verdict.FAIL if is_wrong else Verdict.PASS,
        headline=headline,
        group="benchmark",
        subject=run.label,
        evidence=tuple(Evidence(text, f"worker on {run.device}") for text in evidence),
        remedy=_REMEDY if is_wrong else None,
        link=_LINK,
    )
