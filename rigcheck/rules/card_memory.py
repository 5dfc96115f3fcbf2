"""Errors of each card's memory."""

from collections.abc import Iterator

from rigcheck.facts import Found, Gpu, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.each_gpu import answering, name_of, subject_of, without_answering_gpu
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.rule import Judgement, rule


@rule(
    "ecc-or-row-remap",
    group="nvml",
    needs=("nvml",),
    follows=("xid-errors",),
    link="https://docs.nvidia.com/deploy/a100-gpu-mem-error-mgmt/index.html",
)
def ecc_or_row_remap(rig: Rig) -> Iterator[Judgement]:
    """A card's memory has errors that ECC could not correct, or rows that cannot be replaced.

    Uncorrected errors since the driver was loaded and a failed remapping are faults; a row or page
    that waits for the next reset is warned of. Corrected errors and rows already replaced are what
    ECC is for. A GeForce counts none of it: its zeros, and "not supported", are not "healthy".
    """
    for gpu in answering(rig):
        yield _judge_errors(gpu)
    yield from filter(None, [without_answering_gpu(rig)])


def _judge_errors(gpu: Gpu) -> Judgement:
    rows = value_of(gpu.remapped_rows)
    new_errors = value_of(gpu.ecc_uncorrected_volatile) or 0
    waits = bool(rows and rows.pending) or value_of(gpu.retired_pages_pending) is True
    if rows and rows.failure:
        return _faulty(gpu, Verdict.FAIL, "has memory that can no longer be repaired", _REPLACE)
    if new_errors:
        errors = "error" if new_errors == 1 else "errors"
        what = f"has {new_errors} memory {errors} that ECC could not correct"
        return _faulty(gpu, Verdict.FAIL, what, _RESET)
    if waits:
        return _faulty(gpu, Verdict.WARN, "has faulty memory that the next reset replaces", _RESET)
    if not _counts_errors(gpu):
        return skipped(
            f"{name_of(gpu)} does not count its memory's errors (check --vram-test looks for them)",
            *_error_facts(gpu),
            subject=subject_of(gpu),
        )
    return passed(
        "no memory error that ECC could not correct", *_error_facts(gpu), subject=subject_of(gpu)
    )


_RESET = Remedy(
    text="End what uses the GPU and reset it, or restart the machine. If errors come back, replace "
    "the card",
    commands=("sudo nvidia-smi --gpu-reset", "nvidia-smi -q -d ECC,ROW_REMAPPER,PAGE_RETIREMENT"),
    verify="rigcheck check --only nvml",
)
_REPLACE = Remedy(
    text="Replace the card: its spare memory is used up",
    commands=("nvidia-smi -q -d ROW_REMAPPER", "sudo nvidia-bug-report.sh"),
)


def _faulty(gpu: Gpu, verdict: Verdict, what: str, remedy: Remedy) -> Judgement:
    return Judgement(
        verdict=verdict,
        headline=f"{subject_of(gpu)} ({name_of(gpu)}) {what}",
        evidence=_error_facts(gpu),
        remedy=remedy,
        subject=subject_of(gpu),
    )


def _counts_errors(gpu: Gpu) -> bool:
    return value_of(gpu.ecc_enabled) is True or isinstance(gpu.ecc_uncorrected_volatile, Found)


def _error_facts(gpu: Gpu) -> tuple[Evidence, ...]:
    rows = gpu.remapped_rows
    told_of_rows = (
        Evidence(
            f"remapped rows: {rows.value.uncorrectable} for uncorrectable errors, pending "
            f"{_yes(rows.value.pending)}, failure {_yes(rows.value.failure)}",
            rows.source,
        )
        if isinstance(rows, Found)
        else told("remapped rows", rows)
    )
    return (
        told("ECC", gpu.ecc_enabled),
        told("uncorrected errors since the driver was loaded", gpu.ecc_uncorrected_volatile),
        told("retired pages pending", gpu.retired_pages_pending),
        told_of_rows,
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"
