"""torch.compile: a small function by inductor on each device, held against eager."""

import importlib
from typing import Any, Callable, Container

from rigcheck.target.compiling import attempt_compiled
from rigcheck.target.facts_wire import FactSender
from rigcheck.target.installed import installed_version
from rigcheck.target.stages import Stages
from rigcheck.target.torch_facts import devices_seen

_COUNT = 4_096
_TOLERANCE = 1e-4
"""Relative: inductor may use another sine, and adds up in another order."""


def try_out(facts: FactSender, stages: Stages, skip: Container[str]) -> None:
    """Each device but those to skip; the first call's time is that of the compiler."""
    with stages.importing("torch"):
        torch = importlib.import_module("torch")
    facts.ask("triton_version", "metadata on sys.path", lambda: installed_version("triton"))
    for device in ["cpu"] + [str(device["device"]) for device in devices_seen(torch)]:
        if device not in skip:
            _try_on(stages, torch, device)


def _try_on(stages: Stages, torch: Any, device: str) -> None:
    attempt_compiled(stages, "torch.compile", device, lambda: _compared(torch, device))


def _compared(torch: Any, device: str) -> str:
    """An elementwise part and a reduction: what inductor fuses, and what it makes a loop for."""
    inputs = torch.linspace(0, 1, _COUNT, device=device)
    function = _function(torch)
    compiled, eager = float(torch.compile(function)(inputs)), float(function(inputs))
    if abs(compiled - eager) <= _TOLERANCE * abs(eager):
        return ""
    return "the compiled function's result is {:g}, and eager's {:g}".format(compiled, eager)


def _function(torch: Any) -> Callable[[Any], Any]:
    def function(x: Any) -> Any:
        return (torch.sin(x) * 2 + 1).sum()

    return function
