"""What a running check tells: apart from the check, so that whoever shows it loads no probe."""

from typing import TypeAlias

import msgspec

from rigcheck.environments import EnvironmentFacts
from rigcheck.facts import Rig
from rigcheck.findings import Finding
from rigcheck.probes.probe import ProbeOutcome


class ProbeStarted(msgspec.Struct, frozen=True, kw_only=True):
    """The probe for this part of the rig is at work."""

    part: str
    title: str


class ProbeFinished(msgspec.Struct, frozen=True, kw_only=True):
    """A part is there. `rig` and `findings` are all that is known by now."""

    outcome: ProbeOutcome
    rig: Rig
    findings: tuple[Finding, ...]


class CheckFinished(msgspec.Struct, frozen=True, kw_only=True):
    """Every probe has answered or was given up."""

    rig: Rig
    findings: tuple[Finding, ...]
    probes: tuple[ProbeOutcome, ...]
    duration_s: float


CheckEvent: TypeAlias = ProbeStarted | ProbeFinished | CheckFinished


class EnvironmentStarted(msgspec.Struct, frozen=True, kw_only=True):
    """This interpreter is asked."""

    interpreter: str


class EnvironmentFinished(msgspec.Struct, frozen=True, kw_only=True):
    """This interpreter has answered or was given up."""

    interpreter: str


class EnvironmentsChecked(msgspec.Struct, frozen=True, kw_only=True):
    """The machine and every environment, in the order in which they were named."""

    rig: Rig
    findings: tuple[Finding, ...]
    probes: tuple[ProbeOutcome, ...]
    environments: tuple[EnvironmentFacts, ...]
    duration_s: float


EnvironmentsEvent: TypeAlias = EnvironmentStarted | EnvironmentFinished | EnvironmentsChecked
