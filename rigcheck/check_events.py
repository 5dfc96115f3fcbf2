"""What a running check tells: apart from the check, so that whoever shows it loads no probe."""

import dataclasses
from typing import TypeAlias

from rigcheck.environments import EnvironmentFacts
from rigcheck.facts import Rig
from rigcheck.findings import Finding
from rigcheck.probes.probe import ProbeOutcome


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProbeStarted:
    """The probe for this part of the rig is at work."""

    part: str
    title: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProbeFinished:
    """A part is there. `rig` and `findings` are all that is known by now."""

    outcome: ProbeOutcome
    rig: Rig
    findings: tuple[Finding, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckFinished:
    """Every probe has answered or was given up."""

    rig: Rig
    findings: tuple[Finding, ...]
    probes: tuple[ProbeOutcome, ...]
    duration_s: float


CheckEvent: TypeAlias = ProbeStarted | ProbeFinished | CheckFinished


@dataclasses.dataclass(frozen=True, kw_only=True)
class EnvironmentStarted:
    """This interpreter is asked."""

    interpreter: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class EnvironmentFinished:
    """This interpreter has answered or was given up."""

    interpreter: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class EnvironmentsChecked:
    """The machine and every environment, in the order in which they were named."""

    rig: Rig
    findings: tuple[Finding, ...]
    probes: tuple[ProbeOutcome, ...]
    environments: tuple[EnvironmentFacts, ...]
    duration_s: float


EnvironmentsEvent: TypeAlias = EnvironmentStarted | EnvironmentFinished | EnvironmentsChecked
