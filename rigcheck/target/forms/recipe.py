"""How a tier's form is made on a device, where that may take some choosing first."""

from __future__ import annotations

from typing import Callable, NamedTuple

from torch import nn

from rigcheck.target.forms.form import Form
from rigcheck.target.forms.make import make_form
from rigcheck.target.training_data import Set


class Recipe(NamedTuple):
    """What makes a form of a model, again and again."""

    make: Callable[[nn.Module], Form]
    """The form starts with that model's weights. It may be the one that was made before."""
    how: str
    """Which of several ways it is, and what the others came to, for the result; empty where there
    is one way. May hold foreign words."""


def recipe_for(
    name: str, data: Set, batch_size: int, seed: int, enter: Callable[[str], None]
) -> Recipe:
    """Finds the fastest way where there are several, which may take a minute.

    Args:
        name: of the tier.
        data: what to train on.
        batch_size: that of most batches.
        seed: of the weights.
        enter: is told of each stage before it is entered.

    Raises:
        TaskError: if there is no such form for this device, or what it takes is missing here.
        RuntimeError: if the device does not do it.
    """
    if name == "peak" and data.labels.device.type == "cuda":
        from rigcheck.target.forms.fastest_graph import fastest_graph

        return fastest_graph(data, batch_size, seed, enter)
    return Recipe(lambda model: make_form(name, model, data, batch_size), "")
