"""Words that the rules share: facts as evidence, and the verdicts that need no remedy."""

from typing import Any

from rigcheck.facts import Absent, Fact, Failed, Found, KernelMessage
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge.table import Row
from rigcheck.rules.rule import Judgement

_LINE_LIMIT = 300


def told(label: str, fact: Fact[Any]) -> Evidence:
    """A fact as evidence, whatever state it is in: `driver: 470.256.02`, `driver: not there`."""
    return Evidence(f"{label}: {fact_text(fact)}", fact.source)


def fact_text(fact: Fact[Any]) -> str:
    """The value, or why there is none, in one line."""
    if isinstance(fact, Found):
        return value_text(fact.value)
    if isinstance(fact, Failed):
        return one_line(fact.error)
    return f"{fact.reason.value} ({one_line(fact.detail)})" if fact.detail else fact.reason.value


def value_text(value: Any) -> str:
    """A fact's value in one line: `sm_75 sm_80`, `yes`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "none"
    return one_line(str(value))


def one_line(text: str) -> str:
    """The last line that says something; a traceback's is the error itself."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    return last if len(last) <= _LINE_LIMIT else last[: _LINE_LIMIT - 1] + "…"


def from_table(text: str, row: Row) -> Evidence:
    """What a table says, with its source and how far it was read there."""
    doubt = f" ({row.confidence})" if row.confidence else ""
    return Evidence(text + doubt, f"{row.source}, read {row.checked}")


def log_line(message: KernelMessage, source: str) -> Evidence:
    """A line of the kernel's log as evidence."""
    return Evidence(f"kernel log, {message.first_s:.0f} s after boot: {message.text}", source)


def why_missing(fact: Fact[Any]) -> str:
    """Why a fact has no value, for a headline; empty where it has one or was not asked."""
    if isinstance(fact, Failed):
        return one_line(fact.error)
    if isinstance(fact, Absent) and fact.source:
        return fact_text(fact)
    return ""


def passed(headline: str, *evidence: Evidence, subject: str = "") -> Judgement:
    """The bad state is not there."""
    return Judgement(verdict=Verdict.PASS, headline=headline, evidence=evidence, subject=subject)


def skipped(headline: str, *evidence: Evidence, subject: str = "") -> Judgement:
    """Does not apply here."""
    return Judgement(verdict=Verdict.SKIP, headline=headline, evidence=evidence, subject=subject)


def unknown(
    headline: str,
    *evidence: Evidence,
    tells: str,
    commands: tuple[str, ...] = (),
    subject: str = "",
) -> Judgement:
    """It could not be told; `tells` says what would."""
    return Judgement(
        verdict=Verdict.UNKNOWN,
        headline=headline,
        evidence=evidence,
        remedy=Remedy(text=tells, commands=commands),
        subject=subject,
    )
