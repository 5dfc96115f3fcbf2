"""What has changed on a machine between two checks: findings that came or went, key facts."""

import dataclasses
import enum
from collections.abc import Iterator
from typing import Any

from rigcheck.facts import Absent, Failed, Found, Gpu, PciGpu, Reason, Rig, value_of
from rigcheck.findings import Finding, Verdict
from rigcheck.report.rows import fact_text, label_of
from rigcheck.terminal import plain

_WRONG = (Verdict.FAIL, Verdict.WARN)
_KEY_FACTS = (
    ("host", "distribution"),
    ("host", "kernel_release"),
    ("cpu", "model"),
    ("cpu", "usable_threads"),
    ("memory", "total_bytes"),
    ("pci", "nvidia_gpus"),
    ("driver", "module_version"),
    ("driver", "library_version"),
    ("nvml", "driver_version"),
    ("nvml", "cuda_version"),
    ("nvml", "gpus"),
    ("python", "executable"),
    ("python", "version"),
    ("torch", "version"),
    ("torch", "cuda_built_version"),
    ("torch", "cudnn_version"),
)
"""What an update, a move of cards or another environment changes; nothing that drifts by itself."""

Fact = Found[Any] | Absent | Failed


class ChangeKind(enum.Enum):
    """What kind of change."""

    NEW_FINDING = "new"
    GONE_FINDING = "gone"
    FACT = "changed"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Change:
    """One of them. Its texts are safe for a terminal."""

    kind: ChangeKind
    part: str
    text: str
    """The finding's headline, or `torch version: 2.4.0 → 2.5.1`."""


def changes(
    rig_before: Rig, before: tuple[Finding, ...], rig: Rig, findings: tuple[Finding, ...]
) -> tuple[Change, ...]:
    """From the first of two checks to the second: new findings, gone ones, then facts.

    A finding that could not be told this time is not gone, and one that could not be told last
    time, but is there now, is new.
    """
    new, gone = _only_here(findings, before), _only_here(before, findings)
    untold = {_key(f) for f in findings if f.verdict is Verdict.UNKNOWN}
    return (
        *(_of_finding(ChangeKind.NEW_FINDING, f) for f in new),
        *(_of_finding(ChangeKind.GONE_FINDING, f) for f in gone if _key(f) not in untold),
        *_facts(rig_before, rig),
    )


def _only_here(here: tuple[Finding, ...], there: tuple[Finding, ...]) -> list[Finding]:
    """What is wrong here and not there."""
    wrong_there = {_key(f) for f in there if f.verdict in _WRONG}
    return [f for f in here if f.verdict in _WRONG and _key(f) not in wrong_there]


def _of_finding(kind: ChangeKind, finding: Finding) -> Change:
    return Change(kind=kind, part=finding.group, text=plain(finding.headline))


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.id, finding.subject, finding.environment


def _facts(before: Rig, now: Rig) -> Iterator[Change]:
    for part, name in _KEY_FACTS:
        was: Fact = getattr(getattr(before, part), name)
        is_now: Fact = getattr(getattr(now, part), name)
        if not (_is_told(was) and _is_told(is_now)):
            continue
        texts = _text(name, was), _text(name, is_now)
        if texts[0] != texts[1]:
            label = f"{part if part != 'nvml' else 'NVML'} {label_of(name)}"
            text = f"{label}: {texts[0]} → {texts[1]}"
            yield Change(kind=ChangeKind.FACT, part=part, text=text)


def _is_told(fact: Fact) -> bool:
    """What failed or was not asked says nothing of a change."""
    return not isinstance(fact, Failed) and not (
        isinstance(fact, Absent) and fact.reason in (Reason.NOT_ASKED, Reason.NO_PERMISSION)
    )


def _text(name: str, fact: Fact) -> str:
    things = fact.value if isinstance(fact, Found) else None
    if isinstance(things, tuple) and all(isinstance(thing, (Gpu, PciGpu)) for thing in things):
        return plain(", ".join(map(_gpu_text, things)) or "none")
    return fact_text(name, fact)


def _gpu_text(gpu: Gpu | PciGpu) -> str:
    return value_of(gpu.name) or "a GPU without a name"
