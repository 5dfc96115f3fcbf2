"""What torch does: small computations on each device, each held against the known right result."""

import importlib.util
from typing import Any, Callable, List, Tuple

from rigcheck.target.facts_wire import FactSender
from rigcheck.target.stages import Stages, wrong

_SIDE = 8
_COUNT = _SIDE * _SIDE
_KERNEL_SIDE = 3


def tell_numpy(facts: FactSender, torch: Any) -> None:
    """Whether a tensor becomes an array; not there without NumPy."""
    if importlib.util.find_spec("numpy") is None:
        facts.absent("numpy_works", "not there", "torch.ones(1).numpy()")
        return
    facts.ask(
        "numpy_works", "torch.ones(1).numpy()", lambda: float(torch.ones(1).numpy()[0]) == 1.0
    )


def work_on(stages: Stages, torch: Any, device: str) -> None:
    """From the first touch of the device to half precision; ends where one of them fails.

    An error of CUDA mostly makes every later call fail, too, which says nothing more.
    """
    for name, work in _WORK:
        if not stages.attempt(name, device, lambda work=work: work(torch, device)):  # type: ignore[misc]
            return


def _context(torch: Any, device: str) -> str:
    return wrong(torch.zeros(1, device=device).item(), 0)


def _first_kernel(torch: Any, device: str) -> str:
    return wrong(torch.arange(_COUNT, device=device).sum().item(), _COUNT * (_COUNT - 1) // 2)


def _matrix(torch: Any, device: str) -> Any:
    """0 to 63 in rows of 8: its square's sum is exact in every precision down to TF32."""
    numbers = torch.arange(_COUNT, dtype=torch.float32, device=device)
    return numbers.reshape(_SIDE, _SIDE)


def _blas(torch: Any, device: str) -> str:
    """Of the square of the matrix m[i][j] = 8 i + j, the sum of all elements."""
    matrix = _matrix(torch, device)
    numbers = [[_SIDE * i + j for j in range(_SIDE)] for i in range(_SIDE)]
    columns = [sum(row[k] for row in numbers) for k in range(_SIDE)]
    rows = [sum(row) for row in numbers]
    wanted = sum(c * r for c, r in zip(columns, rows))
    return wrong((matrix @ matrix).sum().item(), wanted)


def _convolution(torch: Any, device: str) -> str:
    """Sums of all 3 × 3 squares: with cuDNN on NVIDIA's GPUs, with oneDNN on most CPUs."""
    image = _matrix(torch, device).reshape(1, 1, _SIDE, _SIDE)
    kernel = torch.ones(1, 1, _KERNEL_SIDE, _KERNEL_SIDE, device=device)
    places = range(_SIDE - _KERNEL_SIDE + 1)
    # A square's sum is nine times its middle.
    wanted = sum(9 * (_SIDE * (i + 1) + j + 1) for i in places for j in places)
    return wrong(torch.nn.functional.conv2d(image, kernel).sum().item(), wanted)


def _half(torch: Any, device: str) -> str:
    """float16 on a GPU; bfloat16 on a CPU, where float16 came late."""
    dtype = torch.bfloat16 if device == "cpu" else torch.float16
    ones = torch.ones(_SIDE, _SIDE, dtype=dtype, device=device)
    return wrong((ones @ ones).float().sum().item(), _SIDE**3)


_WORK: List[Tuple[str, Callable[[Any, str], str]]] = [
    ("context", _context),
    ("first kernel", _first_kernel),
    ("BLAS", _blas),
    ("convolution", _convolution),
    ("half precision", _half),
]
