"""One device in two runs: which was the slower one, and how the two are held against each other."""

import dataclasses

from rigcheck.compare.comparison import Cause
from rigcheck.compare.conditions import Conditions
from rigcheck.findings import Evidence

_LOWER = 0.95
"""A limit or a clock below this share of the former one is lower, and not rounded."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Contrast:
    """One device in two runs, and which way its speed went."""

    label: str
    before: Conditions
    after: Conditions
    is_slower: bool

    @property
    def worse(self) -> Conditions:
        """In which it was the slower one."""
        return self.after if self.is_slower else self.before

    @property
    def better(self) -> Conditions:
        """In which it was the faster one."""
        return self.before if self.is_slower else self.after


def cause_of(words: str, evidence: str) -> Cause:
    """One with one piece of evidence."""
    return Cause(words=words, evidence=(Evidence(evidence, "report"),))


def is_fewer(worse: int | None, better: int | None) -> bool:
    """True where both are known and the slower run had fewer."""
    return worse is not None and better is not None and worse < better


def is_lower(worse: float | None, better: float | None) -> bool:
    """True where both are known and the slower run's was lower by more than a rounding."""
    return worse is not None and better is not None and worse < better * _LOWER
