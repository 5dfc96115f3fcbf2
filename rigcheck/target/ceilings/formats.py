"""Number formats of matrix products: how torch is asked for each, and how exact it must be."""

from __future__ import annotations

from typing import Any, Iterator, NamedTuple, Tuple

import torch

Shape = Tuple[int, int, int]
"""M, N, K: an (M, K) matrix times a (K, N) one."""


class Format(NamedTuple):
    """One number format."""

    name: str
    torch_name: str
    """Of the operands; a torch that does not know it says so."""
    precision: str
    """For `torch.set_float32_matmul_precision`."""
    error_bound: float
    """Of the relative Frobenius error against float64, from the same operands. Some three times
    what rounding explains: 2^-11 for TF32's operands and float16's result, 2^-8 for bfloat16's."""


FLOAT32 = Format("float32", "float32", "highest", 1e-5)
TF32 = Format("tf32", "float32", "high", 1e-3)
FLOAT16 = Format("float16", "float16", "highest", 2e-3)
BFLOAT16 = Format("bfloat16", "bfloat16", "highest", 1e-2)
FLOAT8 = Format("float8_e4m3fn", "float8_e4m3fn", "highest", 2e-2)
_TF32_CAPABILITY = (8, 0)


def formats(device: torch.device) -> Iterator[Format]:
    """Those worth asking this device for; what it cannot do among them is told as a problem."""
    yield FLOAT32
    if has_tf32(device):
        yield TF32
    yield FLOAT16
    yield BFLOAT16
    if device.type != "cpu":
        yield FLOAT8


def has_tf32(device: torch.device) -> bool:
    """NVIDIA's since Ampere."""
    if device.type != "cuda" or torch.version.hip is not None:
        return False
    return bool(torch.cuda.get_device_capability(device) >= _TF32_CAPABILITY)


def training_format(device: torch.device) -> Format:
    """In which torch trains most of LeNet here.

    For convolutions its own default is TF32 where the GPU has it, though not for linear layers.
    """
    return TF32 if has_tf32(device) and torch.backends.cudnn.allow_tf32 else FLOAT32


class Operands:
    """Two matrices of normal random numbers, for zeros take less power and raise the clocks."""

    def __init__(self, number_format: Format, shape: Shape, device: torch.device) -> None:
        m, n, k = shape
        dtype = getattr(torch, number_format.torch_name)
        self.left = torch.randn(m, k, device=device).to(dtype)
        self._is_float8 = number_format is FLOAT8
        # cuBLAS multiplies float8 by a matrix that lies column by column alone.
        right = torch.randn((n, k) if self._is_float8 else (k, n), device=device).to(dtype)
        self.right = right.t() if self._is_float8 else right
        self._one = torch.ones((), device=device)
        self._out = None if self._is_float8 else torch.empty(m, n, device=device, dtype=dtype)

    def multiply(self) -> torch.Tensor:
        """Asks for (M, N), without waiting for it."""
        if not self._is_float8:
            return torch.mm(self.left, self.right, out=self._out)
        product: Any = torch._scaled_mm(  # noqa: SLF001 -- the only way to float8 in torch
            self.left,
            self.right,
            scale_a=self._one,
            scale_b=self._one,
            out_dtype=torch.bfloat16,
            use_fast_accum=True,
        )
        # Before torch 2.5 the largest value came with it.
        return product[0] if isinstance(product, tuple) else product
