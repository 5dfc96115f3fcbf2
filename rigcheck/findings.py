"""What rigcheck says of a rig: verdicts, each with evidence and remedy."""

import enum

import msgspec


class Verdict(enum.Enum):
    """The same five in the TUI, text, JSON and exit code."""

    PASS = "pass"  # noqa: S105 -- a verdict, not a password
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"
    """It could not be told; the evidence says why, the remedy what would tell."""
    SKIP = "skip"
    """Does not apply to this rig."""

    @property
    def rank(self) -> int:
        """0 for the worst, so that sorting leads with what matters."""
        return _RANKS[self]


_RANKS = {
    v: i
    for i, v in enumerate((Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN, Verdict.PASS, Verdict.SKIP))
}


class Evidence(msgspec.Struct, frozen=True):
    """One fact used in a judgement, in words, and where it was read."""

    text: str
    source: str


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """What mends it on this machine. rigcheck never runs it."""

    text: str
    commands: tuple[str, ...] = ()
    """For a shell, in order, exact for this interpreter and distribution."""
    verify: str = ""
    """The command that shows that it worked."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One judgement. `id` names the bad state, also where the verdict is that it is not there."""

    id: str
    verdict: Verdict
    headline: str
    """One line, no full stop, no remedy in it."""
    group: str
    """The part of the rig it belongs to on screen: `nvidia`, `torch`, `cpu`, …"""
    subject: str = ""
    """Which of several it is about: `GPU 0`."""
    evidence: tuple[Evidence, ...] = ()
    remedy: Remedy | None = None
    link: str = ""
    caused_by: str | None = None
    """Id of the finding that this one follows from."""
    environment: str = ""
    """The interpreter that it concerns, where several were checked; empty for the machine."""


def by_importance(finding: Finding) -> tuple[int, bool]:
    """Sort key: worst first, and root causes before what follows from them."""
    return finding.verdict.rank, finding.caused_by is not None


def root_cause(findings: tuple[Finding, ...]) -> Finding | None:
    """The finding the report leads with: the first of the worst that follows from no other.

    None when nothing is wrong (neither `fail` nor `warn`).
    """
    wrong = [
        f for f in findings if f.verdict in (Verdict.FAIL, Verdict.WARN) and f.caused_by is None
    ]
    return min(wrong, key=lambda f: f.verdict.rank, default=None)


def count_verdicts(findings: tuple[Finding, ...]) -> dict[Verdict, int]:
    """How many findings there are of each verdict, worst first; those with none are left out."""
    counts = {v: sum(f.verdict is v for f in findings) for v in Verdict}
    return {v: counts[v] for v in sorted(counts, key=lambda v: v.rank) if counts[v]}
