"""Which form a tier is on which device."""

from __future__ import annotations

from torch import nn

from rigcheck.target.forms.form import Form
from rigcheck.target.task_error import TaskError
from rigcheck.target.training_data import Set


def make_form(name: str, model: nn.Module, data: Set, batch_size: int) -> Form:
    """Makes the form that a tier's name, as `rigcheck.bench.tier.Tier` has it, means here.

    Not the fastest one of CUDA, which `rigcheck.target.forms.recipe` has to choose first.

    Args:
        name: of the tier.
        model: what to train, on the device of the data.
        data: what to train on.
        batch_size: that of most batches.

    Raises:
        TaskError: if there is no such form for this device, or what it takes is missing here.
    """
    # Each is imported when asked for: what one of them needs must not take the others down.
    if name == "as-written":
        from rigcheck.target.forms.as_written import AsWritten

        return AsWritten(model, data)
    if name == "in-memory":
        from rigcheck.target.forms.in_memory import InMemory

        return InMemory(model, data)
    return _fastest(model, data, batch_size)


def _fastest(model: nn.Module, data: Set, batch_size: int) -> Form:
    kind = data.labels.device.type
    if kind == "cpu":
        from rigcheck.target.forms.phases import Phases

        return Phases(model, data, batch_size)
    raise TaskError("there is no faster form for {}".format(kind))
