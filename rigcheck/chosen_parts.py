"""`check --only`: what is judged of the machine, and what must be probed for it."""

import argparse

from rigcheck.errors import UsageError
from rigcheck.probes.registry import PROBES

_ON_DEMAND = {"vram": "vram_test", "compile": "compile"}
"""Parts that are probed with an option only."""


def chosen_parts(options: argparse.Namespace) -> frozenset[str] | None:
    """The parts that are named; None where none is, which means all.

    Raises:
        UsageError: for a part that is not there, or that needs an option which is not given.
    """
    named = getattr(options, "only", None)
    if named is None:
        return None
    there = [probe.part for probe in PROBES]
    unknown = [part for part in named if part not in there]
    if unknown:
        raise UsageError(f"no such part: {unknown[0]}", hint="one of " + ", ".join(sorted(there)))
    for part, option in _ON_DEMAND.items():
        if part in named and not getattr(options, option, False):
            flag = f"--{option.replace('_', '-')}"
            raise UsageError(f"{part} is tested on demand only", hint=f"check --only {part} {flag}")
    return frozenset(named)


def parts_for(only: frozenset[str] | None) -> frozenset[str] | None:
    """The parts to probe so that what is asked can be judged."""
    if only is None:
        return None
    from rigcheck.rules.registry import RULES  # noqa: PLC0415 -- else read while probes run

    return only.union(*(rule.needs for rule in RULES if rule.group in only))
