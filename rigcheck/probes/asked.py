"""Parts of the rig that a child tells, fact by fact, in the interpreter being checked."""

from typing import Any, TypeVar

import msgspec

from rigcheck.child import Child, Death
from rigcheck.facts import Fact, Failed, LoadedLibrary, Part
from rigcheck.launching import Launch, TaskProcess
from rigcheck.probes.probe import failed_part

P = TypeVar("P", bound=Part)


def ask(
    part_type: type[P], python: str, task: str, timeout_s: float, launch: Launch = TaskProcess
) -> P:
    """Runs the task and gathers the facts it sends.

    What it had told before it died stays; every other fact is failed with the reason of its death.
    """
    try:
        facts, death = gather(python, task, {}, timeout_s, launch)
    except OSError as error:
        return failed_part(part_type, f"cannot start {python}: {error.strerror}", python)
    if death is not None:
        facts = _failed_facts(part_type, death, python) | facts
    return msgspec.convert(facts, part_type)


def gather(
    python: str,
    task: str,
    arguments: dict[str, Any],
    timeout_s: float,
    launch: Launch = TaskProcess,
) -> tuple[dict[str, Any], Death | None]:
    """The facts that the task sent, by name, and how it died if it did.

    The stage in which it died is the last of the fact `stages`.

    Raises:
        OSError: if the interpreter cannot be started.
    """
    facts: dict[str, Any] = {}
    mapped: dict[str, Any] | None = None
    with Child(python, task, arguments, launch=launch) as child:
        for event in child.events(timeout_s):
            if event["event"] == "mapped":
                mapped = event
            else:
                facts[event["name"]] = event["fact"]
        death = child.death
    if mapped is not None:
        facts["loaded_libraries"] = msgspec.to_builtins(_loaded_libraries(mapped))
    if death is not None:
        nothing = {"state": "found", "value": [], "source": python}
        facts.setdefault("stages", nothing)["value"].append(_last_stage(death))
    return facts, death


def _loaded_libraries(mapped: dict[str, Any]) -> Fact[tuple[LoadedLibrary, ...]]:
    # Only where a framework was imported, and that takes longer than to load what reads its files.
    from rigcheck.probes import loaded_libraries  # noqa: PLC0415

    return loaded_libraries.read_loaded_libraries(loaded_libraries.mapped_from(mapped))


def died(death: Death, python: str) -> Failed:
    """A fact that was not told because the child died before."""
    return Failed(death.reason, f"{death.where} in {python}")


def _last_stage(death: Death) -> dict[str, Any]:
    return {
        "name": death.stage,
        "device": death.device,
        "duration_s": death.stage_s,
        "error": death.reason,
    }


def _failed_facts(part_type: type[Part], death: Death, python: str) -> dict[str, Any]:
    failed = msgspec.to_builtins(died(death, python))
    return dict.fromkeys(part_type.__struct_fields__, failed)
