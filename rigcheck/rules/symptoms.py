"""Error texts as evidence: those somebody pasted, and those that the probes met themselves."""

import functools
from collections.abc import Iterator
from typing import Any

from rigcheck.facts import Fact, Failed, Found, Rig, Symptom, value_of
from rigcheck.findings import Evidence
from rigcheck.knowledge import symptoms
from rigcheck.rules.evidence import one_line


def met(rig: Rig, *names: str) -> tuple[Symptom, ...]:
    """Those of these symptoms that were met on this machine, in a text or by a probe.

    Args:
        rig: the facts.
        names: rows of the table of symptoms.
    """
    pasted = tuple(s for s in value_of(rig.symptoms.seen) or () if s.name in names)
    return (*pasted, *_met_by_probes(rig, names))


def said(symptom: Symptom) -> Evidence:
    """The symptom as evidence."""
    return Evidence(f"met: {one_line(symptom.text)}", symptom.source)


def _met_by_probes(rig: Rig, names: tuple[str, ...]) -> Iterator[Symptom]:
    for error, source in _errors(rig):
        for place in _symptoms_in(error):
            if place.name in names:
                yield Symptom(name=place.name, text=place.text, source=source)


# Every rule that heeds symptoms asks for the same few errors.
_symptoms_in = functools.lru_cache(maxsize=64)(symptoms.symptoms_in)


def _errors(rig: Rig) -> Iterator[tuple[str, str]]:
    """What torch and the other frameworks said where something of theirs failed."""
    facts: list[Fact[Any]] = [getattr(rig.torch, name) for name in rig.torch.__struct_fields__]
    facts += [framework.sees_gpu for framework in value_of(rig.frameworks.installed) or ()]
    yield from ((fact.error, fact.source) for fact in facts if isinstance(fact, Failed))
    stages = [rig.torch.stages, *(f.stages for f in value_of(rig.frameworks.installed) or ())]
    trials = value_of(rig.compile.trials) or ()
    stages += [Found(trial.stages, rig.compile.trials.source) for trial in trials]
    for told in stages:
        failed = (stage for stage in value_of(told) or () if stage.error)
        yield from ((stage.error, told.source) for stage in failed)
