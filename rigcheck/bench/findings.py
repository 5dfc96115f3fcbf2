"""What a benchmark run says of the machine: findings beside those of the rules."""

from rigcheck.bench.result import BenchRun, DeviceRun, Outcome, Rate
from rigcheck.findings import Evidence, Finding, Remedy, Verdict

_LINK = "https://pytorch.org/docs/stable/notes/faq.html"


_WIDEST = 0.1
"""Half-width of a rate's interval, as a share of the rate, up to which the rate means something.
Blocks of a calm machine give 0.01 to 0.04 in ten seconds."""


def judge_bench(bench: BenchRun) -> tuple[Finding, ...]:
    """One finding a device: its training failed, diverged, cannot be called, or went well."""
    return tuple(
        _judge_device(run) for run in bench.devices if run.outcome is not Outcome.CANCELLED
    )


def _judge_device(run: DeviceRun) -> Finding:
    if any(block.loss is None for block in run.blocks):
        return _finding(
            "training-diverges",
            run,
            Verdict.FAIL,
            f"LeNet's loss on {run.label} is no longer a number",
            Remedy(
                text="Train on the other devices: where the loss stays finite there, suspect "
                "this device's memory, clocks or power supply"
            ),
        )
    if run.outcome is Outcome.FAILED:
        return _finding(
            "benchmark-fails",
            run,
            Verdict.FAIL,
            f"LeNet does not train on {run.label}: {run.error}",
            Remedy(text=run.hint) if run.hint else None,
        )
    if run.rate is not None and _half_width(run.rate) > _WIDEST:
        return _finding(
            "run-unstable",
            run,
            Verdict.WARN,
            f"the speed of {run.label} moved by ±{_half_width(run.rate):.0%} while LeNet trained",
            Remedy(
                text="End what else uses the machine, then measure again and longer. Where torch's "
                "threads wait for each other, one busy program costs far more than its share",
                commands=("top -b -n 1 | head -n 15", "rigcheck bench --seconds 60"),
            ),
        )
    return _finding("benchmark-fails", run, Verdict.PASS, f"LeNet trains on {run.label}", None)


def _half_width(rate: Rate) -> float:
    """Of the interval, as a share of the rate."""
    return (rate.high_images_per_s - rate.low_images_per_s) / 2 / rate.images_per_s


def _finding(
    finding_id: str, run: DeviceRun, verdict: Verdict, headline: str, remedy: Remedy | None
) -> Finding:
    seen = [f"stage {run.stage}"] if run.outcome is Outcome.FAILED else []
    if run.rate is not None:
        seen.append(f"{run.rate.images_per_s:.0f} images/s over {run.rate.blocks} blocks")
    if run.evaluation is not None:
        seen.append(f"test accuracy {run.evaluation.accuracy:.1%}")
    source = f"worker on {run.device} in {run.python}"
    return Finding(
        id=finding_id,
        verdict=verdict,
        headline=headline,
        group="benchmark",
        subject=run.label,
        evidence=tuple(Evidence(text, source) for text in seen),
        remedy=remedy,
        link=_LINK,
    )
