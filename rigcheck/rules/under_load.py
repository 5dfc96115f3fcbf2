"""A GPU's health while our own training ran on it: link, power, heat, fan and errors.

Idle readings judge nothing here: a healthy card at rest lowers its link and clocks and stops its
fans. "Idle" and the power cap at the card's own limit are normal reasons for lower clocks.
"""

from collections.abc import Callable, Iterator

import msgspec

from rigcheck.findings import Evidence
from rigcheck.rules.evidence import skipped
from rigcheck.rules.load_errors import judge_errors
from rigcheck.rules.load_heat import judge_fan, judge_heat
from rigcheck.rules.load_link import judge_link
from rigcheck.rules.load_power import judge_brake, judge_cap
from rigcheck.rules.rule import Judgement
from rigcheck.rules.watched import SOURCE, Watched

_ENOUGH_SAMPLES = 4


class LoadRule(msgspec.Struct, frozen=True, kw_only=True):
    """Names a bad state that only load shows, and tells whether a GPU was in it."""

    id: str
    link: str
    judge: Callable[[Watched], Judgement]
    group: str = "benchmark"
    needs: tuple[str, ...] = ("host", "pci", "nvml", "benchmark")
    """What is known of the machine, and the samples that are taken while LeNet trains."""
    follows: tuple[str, ...] = ()

    @property
    def meaning(self) -> str:
        """What the bad state means and how it is detected: the docstring of the function."""
        return self.judge.__doc__ or ""


def judgements(seen: Watched) -> Iterator[tuple[LoadRule, Judgement]]:
    """One of each rule."""
    enough = seen.changes.samples_under_load >= _ENOUGH_SAMPLES
    for rule in LOAD_RULES:
        yield rule, rule.judge(seen) if enough else _too_little(seen)


def _too_little(seen: Watched) -> Judgement:
    count = seen.changes.samples_under_load
    return skipped(
        "the GPU was not under load for long enough",
        Evidence(f"samples under load: {count} of {seen.changes.samples}", SOURCE),
    )


_REASONS_LINK = "https://docs.nvidia.com/deploy/nvml-api/group__nvmlClocksEventReasons.html"
LOAD_RULES: tuple[LoadRule, ...] = (
    LoadRule(
        id="xid-errors",
        link="https://docs.nvidia.com/deploy/xid-errors/analyzing-xid-catalog.html",
        judge=judge_errors,
    ),
    LoadRule(id="power-brake", link=_REASONS_LINK, judge=judge_brake),
    LoadRule(id="thermal-throttle", link=_REASONS_LINK, judge=judge_heat),
    LoadRule(id="fan-stopped-hot", link=_REASONS_LINK, judge=judge_fan),
    LoadRule(id="power-or-clock-capped", link=_REASONS_LINK, judge=judge_cap),
    LoadRule(
        id="pcie-link-degraded",
        link="https://docs.nvidia.com/deploy/nvidia-smi/index.html",
        judge=judge_link,
    ),
)
