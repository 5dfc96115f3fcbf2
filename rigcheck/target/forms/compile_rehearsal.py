"""Task: compiles the step, captures it where that is done, and holds it against plain autograd.

In a process of its own and before the measured one does the same: a compiler that crashes or hangs
takes none of the measuring along. What it compiled lies in the cache then.
"""

from __future__ import annotations

from typing import Any, Dict, List

import torch

from rigcheck.target.forms.compiled import compiled_forward
from rigcheck.target.forms.cuda_graph import captured
from rigcheck.target.forms.form import Form
from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.lenet import make_lenet
from rigcheck.target.training_data import Set
from rigcheck.target.wire import Wire

_BATCHES = 10
_FAR = 1e-2
"""Relative. GPUs convolve in TF32 by torch's default: losses of two right ways differ by 1e-3."""


def run(wire: Wire, arguments: Dict[str, Any]) -> None:
    """Says each stage; whatever it raises is why the step cannot be compiled here.

    Args:
        wire: to whoever asks for the rehearsal.
        arguments: `device`, `batch_size` and `threads`, those of the process that will measure.
    """
    wire.stage("opening the device")
    device, batch_size = torch.device(arguments["device"]), arguments["batch_size"]
    torch.set_num_threads(arguments["threads"])
    data = _some_data(_BATCHES * batch_size, device)
    batches = torch.arange(len(data.labels), device=device).split(batch_size)
    expected = _losses(InMemory(make_lenet(0, device), data), batches)
    wire.stage("compiling")
    model = make_lenet(0, device)
    forward = compiled_forward(model)
    torch.autograd.grad(
        forward(data.images[:batch_size], data.labels[:batch_size])[0], list(model.parameters())
    )
    wire.stage("capturing")
    form = captured(model, data, batch_size, forward)
    wire.stage("comparing")
    problem = difference(expected, _losses(form, batches))
    if problem:
        raise ValueError(problem)


def difference(expected: "List[float]", found: "List[float]") -> str:
    """Where the compiled step learns something else, in words; empty where it does not."""
    for step, (right, other) in enumerate(zip(expected, found), 1):
        if not abs(other - right) <= _FAR * abs(right):
            return "the compiled step is wrong: its loss in step {} is {:g} and not {:g}".format(
                step, other, right
            )
    return ""


def _losses(form: Form, batches: "tuple[torch.Tensor, ...]") -> "List[float]":
    with form.feed(batches) as fed:
        for batch in fed:
            form.step(batch)
    return form.collect()[0]


def _some_data(n: int, device: torch.device) -> Set:
    generator = torch.Generator().manual_seed(0)
    images = torch.rand((n, 1, 28, 28), generator=generator)
    return Set(images.to(device), torch.randint(0, 10, (n,), generator=generator).to(device))
