"""The form of a name, for a device."""

from __future__ import annotations

from torch import nn

from rigcheck.target.forms.as_written import AsWritten
from rigcheck.target.forms.form import Form
from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.forms.phases import Phases
from rigcheck.target.task_error import TaskError
from rigcheck.target.training_data import Set


def make_form(name: str, model: nn.Module, data: Set, batch_size: int) -> Form:
    """Trains `model` on `data`, which lie on the same device.

    Raises:
        TaskError: if there is no such form for that device.
    """
    if name == "as-written":
        return AsWritten(model, data)
    if name == "in-memory":
        return InMemory(model, data)
    if name == "peak" and data.labels.device.type == "cpu":
        return Phases(model, data, batch_size)
    raise TaskError("no {} form for {}".format(name, data.labels.device))
