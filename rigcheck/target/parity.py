"""Whether a device repeats itself: the same steps twice, bit for bit the same weights."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Callable, Iterator, List, NamedTuple, Optional, Sequence

import torch

from rigcheck.target.forms.form import Form

_PROMISED_ON = ("cpu", "cuda")
"""https://pytorch.org/docs/stable/notes/randomness.html speaks of these."""
_CUBLAS = "CUBLAS_WORKSPACE_CONFIG"
_CUBLAS_DETERMINISTIC = ":4096:8"
"""One of the two values with which cuBLAS repeats itself; torch asks for one of them."""


class Repeat(NamedTuple):
    """What came of doing the same twice."""

    is_bitwise: Optional[bool]
    """Whether all weights are the same, bit for bit; None where PyTorch does not promise it."""
    reason: str
    """Of None."""


def repeat_is_bitwise(make: Callable[[], Form], batches: Sequence[torch.Tensor]) -> Repeat:
    """Trains on the same batches twice, with deterministic algorithms.

    Args:
        make: makes the form with the same weights each time.
        batches: what to train on, on the form's device; 20 of them are enough.
    """
    kind = batches[0].device.type
    if kind not in _PROMISED_ON:
        return Repeat(
            None, "PyTorch promises repeatable results on CPUs and by CUDA, not on " + kind
        )
    try:
        with _deterministic_algorithms():
            first, again = (_weights_after(make(), batches) for _ in range(2))
    except RuntimeError as error:
        if "deterministic" not in str(error):
            raise
        return Repeat(None, str(error).split("\n", 1)[0])
    return Repeat(all(_same_bits(p, q) for p, q in zip(first, again)), "")


def _weights_after(form: Form, batches: Sequence[torch.Tensor]) -> List[torch.Tensor]:
    with form.feed(batches) as fed:
        for batch in fed:
            form.step(batch)
    form.collect()
    return [parameter.detach().clone() for parameter in form.model().parameters()]


def _same_bits(a: torch.Tensor, b: torch.Tensor) -> bool:
    # As integers: two NaNs of the same bits are the same here, 0 and -0 are not.
    return bool(torch.equal(a.view(torch.int32), b.view(torch.int32)))


@contextmanager
def _deterministic_algorithms() -> Iterator[None]:
    before = torch.are_deterministic_algorithms_enabled()
    cudnn_before = torch.backends.cudnn.deterministic
    cublas_before = os.environ.get(_CUBLAS)
    os.environ.setdefault(_CUBLAS, _CUBLAS_DETERMINISTIC)
    torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.deterministic = True
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)
        torch.backends.cudnn.deterministic = cudnn_before
        if cublas_before is None:
            os.environ.pop(_CUBLAS, None)
