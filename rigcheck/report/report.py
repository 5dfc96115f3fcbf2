"""What a run of rigcheck found, whole."""

import time

import msgspec

import rigcheck
from rigcheck.advice import Advice
from rigcheck.bench.result import BenchRun
from rigcheck.environments import EnvironmentFacts, InterpreterSearch
from rigcheck.facts import Rig
from rigcheck.findings import Finding, count_verdicts, root_cause
from rigcheck.probes.probe import ProbeOutcome

SCHEMA_VERSION = 1


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Facts, judgements and measurements of one machine at one time."""

    schema_version: int
    """Raised whenever a field changes its meaning or goes."""
    rigcheck_version: str
    created_at: str
    """ISO 8601, UTC."""
    check_duration_s: float
    """From the first probe's start to the last one's answer."""
    interrupted: bool
    """True when the user ended the run before it was through."""
    rig: Rig
    probes: tuple[ProbeOutcome, ...]
    findings: tuple[Finding, ...]
    """Worst first, root causes before what follows from them."""
    root_cause: str | None
    """Id of the finding that leads; null when nothing is wrong."""
    bench: BenchRun | None
    """The benchmark, where one was run."""
    advice: Advice | None = None
    """What to install, where that was asked."""
    environments: tuple[EnvironmentFacts, ...] = ()
    """Where several interpreters were checked: what each has of its own. `rig` then holds the
    machine's parts alone."""
    search: InterpreterSearch | None = None
    """How the environments were found, where they were looked for."""
    removed: tuple[str, ...] = ()
    """Kinds of private things that placeholders stand for, as the report left its machine; empty
    where nothing was removed."""


def make_report(
    *,
    rig: Rig,
    probes: tuple[ProbeOutcome, ...],
    findings: tuple[Finding, ...],
    check_duration_s: float,
    bench: BenchRun | None = None,
    advice: Advice | None = None,
    interrupted: bool = False,
    environments: tuple[EnvironmentFacts, ...] = (),
    search: InterpreterSearch | None = None,
) -> Report:
    """A report as of now."""
    leading = root_cause(findings)
    return Report(
        schema_version=SCHEMA_VERSION,
        rigcheck_version=rigcheck.__version__,
        created_at=utc_now_text(),
        check_duration_s=check_duration_s,
        interrupted=interrupted,
        rig=rig,
        probes=probes,
        findings=findings,
        root_cause=leading.id if leading else None,
        bench=bench,
        advice=advice,
        environments=environments,
        search=search,
    )


def verdicts_text(findings: tuple[Finding, ...]) -> str:
    """`78 verdicts: 1 warn, 24 pass, 53 skip`."""
    if not findings:
        return "no verdicts"
    counts = ", ".join(f"{n} {verdict.value}" for verdict, n in count_verdicts(findings).items())
    return f"{len(findings)} verdict{'s' * (len(findings) != 1)}: {counts}"


def utc_now_text() -> str:
    """`2026-11-22T18:04:05Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
