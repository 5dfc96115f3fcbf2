"""Which CUDA graph is the fastest: that of torch's own kernels, or that of compiled ones.

Both are captured in the same way, so that a replay costs the same and only the kernels differ.
"""

from __future__ import annotations

import tempfile
from typing import Callable

import torch

from rigcheck.target.forms.compiled import (
    compile_environment,
    compiled_forward,
    compiling_in,
    why_not_compiled,
)
from rigcheck.target.forms.cuda_graph import captured
from rigcheck.target.forms.race import Verdict, judge, race
from rigcheck.target.forms.recipe import Recipe
from rigcheck.target.forms.rehearse import reason, rehearse
from rigcheck.target.forms.static_form import StaticForm
from rigcheck.target.lenet import make_lenet
from rigcheck.target.task_error import TaskError
from rigcheck.target.training_data import Set

COMPILE_LIMIT_S = 180.0
"""Three times what a slow machine takes."""
_REHEARSAL = "rigcheck.target.forms.compile_rehearsal"


def fastest_graph(data: Set, batch_size: int, seed: int, enter: Callable[[str], None]) -> Recipe:
    """Captures both where that can be done, times both, and takes the faster one.

    That the step cannot be compiled here is no failure: the reason is told.

    Args:
        data: what to train on.
        batch_size: that of most batches.
        seed: of the weights.
        enter: is told of each stage before it is entered.

    Raises:
        RuntimeError: if not even torch's own kernels can be captured.
    """
    plain = captured(make_lenet(seed, data.labels.device), data, batch_size)
    enter("compiling peak")
    try:
        compiled = _compiled(data, batch_size, seed)
    except (TaskError, OSError) as error:  # there may be no room for files
        return Recipe(plain.start_over, how_text(None, str(error)))
    enter("warm-up peak")
    batches = torch.arange(len(data.labels), device=data.labels.device).split(batch_size)
    verdict = judge(race(plain, compiled, batches))
    winner = compiled if verdict.second_wins else plain
    return Recipe(winner.start_over, how_text(verdict))


def how_text(verdict: "Verdict | None", why_not: str = "") -> str:
    """Which graph it is and what the other came to, as the result tells it.

    Args:
        verdict: of the compiled kernels' speed as a multiple of torch's own; None without them.
        why_not: why there are none.
    """
    if verdict is None:
        return "a CUDA graph of torch's own kernels; torch.compile: {}".format(why_not)
    times = "{:.2f}× ({:.2f}–{:.2f})".format(*verdict)
    if verdict.second_wins:
        return "a CUDA graph of compiled kernels, {} the speed of torch's own".format(times)
    return "a CUDA graph of torch's own kernels; compiled ones reached {} its speed".format(times)


def _compiled(data: Set, batch_size: int, seed: int) -> StaticForm:
    """Raises TaskError, with the reason, where it cannot be compiled."""
    device = data.labels.device
    why_not = why_not_compiled(device)
    if why_not:
        raise TaskError(why_not)
    arguments = {
        "device": str(device),
        "batch_size": batch_size,
        "threads": torch.get_num_threads(),
    }
    # What is compiled is loaded by the end of this, and the folder may go.
    with tempfile.TemporaryDirectory(prefix="rigcheck-") as folder:
        why_not = rehearse(_REHEARSAL, arguments, compile_environment(folder), COMPILE_LIMIT_S)
        if why_not:
            raise TaskError(why_not)
        model = make_lenet(seed, device)
        try:
            with compiling_in(folder):
                return captured(model, data, batch_size, compiled_forward(model))
        except Exception as error:
            raise TaskError(reason(type(error).__name__, str(error))) from error
