"""Writes patterns to the GPUs' free memory and reads them back; only where it is asked for."""

from typing import Any

import msgspec

from rigcheck.child import Child, Death
from rigcheck.facts import Failed, Found, MemoryTrial, Vram
from rigcheck.probes.probe import Probe

_TASK = "rigcheck.target.memory_trial"
# A minute a GPU, of which a machine may have sixteen, after torch's own start.
_TIME_LIMIT_S = 1_200.0


def read_vram(python: str, wishes: dict[str, Any], time_limit_s: float = _TIME_LIMIT_S) -> Vram:
    """Asks a child in the interpreter, which may die of what it finds.

    Args:
        python: the interpreter's executable.
        wishes: of the task: other devices than the GPUs, less memory than is free.
        time_limit_s: for all devices together.
    """
    trials: dict[str, MemoryTrial] = {}
    try:
        with Child(python, _TASK, wishes) as child:
            for event in child.events(time_limit_s):
                trial = msgspec.convert(event["trial"], MemoryTrial)
                trials[trial.device] = trial
            death = child.death
    except OSError as error:
        return Vram(trials=Failed(f"cannot start {python}: {error.strerror}", python))
    if death is not None and not trials:
        return Vram(trials=Failed(death.reason, f"{death.stage} in {python}"))
    told = tuple(trials.values()) if death is None else _cut_short(tuple(trials.values()), death)
    return Vram(trials=Found(told, f"patterns written and read by torch in {python}"))


def _cut_short(trials: tuple[MemoryTrial, ...], death: Death) -> tuple[MemoryTrial, ...]:
    """The last one announced is the one it died of."""
    last = msgspec.structs.replace(trials[-1], error=death.reason)
    return (*trials[:-1], last)


PROBE = Probe(
    part="vram",
    title="GPU memory",
    time_limit_s=_TIME_LIMIT_S + 10,
    run=lambda context: read_vram(context.python, {}),
    is_wanted=lambda context: context.vram_test,
    # It takes the memory that others need for a look, and would be seen as its holder.
    is_last=True,
)
