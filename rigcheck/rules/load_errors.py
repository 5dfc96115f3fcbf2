"""Errors of a GPU while it trained."""

from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import xids
from rigcheck.rules.evidence import from_table, passed, skipped
from rigcheck.rules.rule import Judgement
from rigcheck.rules.watched import SOURCE, Watched


def judge_errors(seen: Watched) -> Judgement:
    """Errors that the driver reported, or memory errors beyond ECC, while training ran."""
    codes = tuple(dict.fromkeys(seen.changes.xids or ()))
    rows = [row for row in map(xids.xid_of, codes) if row is not None]
    evidence = (
        *(from_table(f"Xid {row.code}: {row.text}", row) for row in rows),
        *_memory_errors(seen),
    )
    if seen.changes.xids is None and not evidence:
        return skipped("the driver tells of no errors")
    if not codes and not seen.changes.ecc_uncorrected_errors:
        none = Evidence("Xids: none", SOURCE)
        return passed("no error of the GPU while training ran", none, *evidence)
    told = ", ".join(f"Xid {code}" for code in codes) or "memory errors beyond what ECC corrects"
    worst = min(rows, key=lambda row: ("error", "warn", "info").index(row.weight), default=None)
    is_error = bool(seen.changes.ecc_uncorrected_errors) or (worst and worst.weight == "error")
    return Judgement(
        verdict=Verdict.FAIL if is_error else Verdict.WARN,
        headline=f"the GPU had errors while training ran: {told}",
        evidence=evidence or (Evidence(told, SOURCE),),
        remedy=Remedy(
            text=f"Do this, then train again: {worst.advice}"
            if worst and worst.advice
            else "Reset the GPU, then train again; if errors come back, replace the card",
            commands=("sudo dmesg | grep -i xid",),
            verify="rigcheck bench",
        ),
    )


def _memory_errors(seen: Watched) -> tuple[Evidence, ...]:
    count = seen.changes.ecc_uncorrected_errors
    text = f"new memory errors that ECC could not correct: {count}"
    return (Evidence(text, SOURCE),) if count is not None else ()
