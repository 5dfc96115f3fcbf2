"""What waiting for the device in each step costs, apart from the loader, and how often it is done.

The step as scripts write it takes turns with the in-memory one, both on batches that lie ready.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import Iterable, Iterator, List, NamedTuple, Optional, Sequence

import torch

from rigcheck.target.forms.form import Form
from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.forms.race import Round, race
from rigcheck.target.forms.waiting import Waiting
from rigcheck.target.lenet import make_lenet
from rigcheck.target.training_data import Set

_STEPS = 5
_CALL_THAT_WAITS = "called a synchronizing"
"""Torch's warning of each: `called a synchronizing CUDA operation`."""


class Waits(NamedTuple):
    """What was found."""

    rounds: List[Round]
    """Seconds a step, in memory and as scripts write it, side by side in time."""
    in_memory: Optional[float]
    """Calls a step that wait for the device; None where torch does not tell."""
    as_written: Optional[float]


def measure_waits(data: Set, batch_size: int, seed: int) -> Waits:
    """Takes a second or so.

    Args:
        data: what to train on.
        batch_size: of each step.
        seed: of the weights, which are thrown away.
    """
    device = data.labels.device
    forms = [make(make_lenet(seed, device), data) for make in (InMemory, Waiting)]
    batches = torch.arange(len(data.labels), device=device).split(batch_size)
    rounds = race(forms[0], forms[1], batches)
    in_memory, as_written = (waits_a_step(form, batches[:_STEPS], device) for form in forms)
    return Waits(rounds, in_memory, as_written)


def waits_a_step(
    form: Form, batches: Sequence[torch.Tensor], device: torch.device
) -> Optional[float]:
    """Calls of one step that wait for the device; None where torch does not tell, but for CUDA.

    Torch knows of its own calls only: what another library, or the driver, waits for is not in it.
    https://pytorch.org/docs/stable/generated/torch.cuda.set_sync_debug_mode.html
    """
    if device.type != "cuda":
        return None
    with form.feed(batches) as fed, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with _telling_of_waits():
            for batch in fed:
                form.step(batch)
    form.collect()
    return count_waits(str(warning.message) for warning in caught) / len(batches)


def count_waits(messages: Iterable[str]) -> int:
    """How many of torch's warnings are of a call that waits.

    Switching the warnings on is warned of, too: `Synchronization debug mode is a prototype …`.
    """
    return sum(_CALL_THAT_WAITS in message for message in messages)


@contextmanager
def _telling_of_waits() -> Iterator[None]:
    before = torch.cuda.get_sync_debug_mode()
    torch.cuda.set_sync_debug_mode("warn")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode(before)
