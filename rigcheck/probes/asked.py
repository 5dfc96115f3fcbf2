"""Parts of the rig that a child tells, fact by fact, in the interpreter being checked."""

from typing import Any, TypeVar

import msgspec

from rigcheck.child import Child, Death
from rigcheck.facts import Failed, Part
from rigcheck.probes.probe import failed_part

P = TypeVar("P", bound=Part)


def ask(part_type: type[P], python: str, task: str, timeout_s: float) -> P:
    """Runs the task and gathers the facts it sends.

    What it had told before it died stays; every other fact is failed with the reason of its death.
    """
    try:
        with Child(python, task, {}) as child:
            facts = {event["name"]: event["fact"] for event in child.events(timeout_s)}
            death = child.death
    except OSError as error:
        return failed_part(part_type, f"cannot start {python}: {error.strerror}", python)
    if death is not None:
        facts = _failed_facts(part_type, death, python) | facts
    return msgspec.convert(facts, part_type)


def _failed_facts(part_type: type[Part], death: Death, python: str) -> dict[str, Any]:
    failed = msgspec.to_builtins(Failed(death.reason, f"{death.stage} in {python}"))
    return {field.name: failed for field in msgspec.structs.fields(part_type)}
