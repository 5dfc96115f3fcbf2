"""Is a matrix product right? Held against float64, without the time of a product in float64."""

from __future__ import annotations

from typing import Iterator

import torch

_DRAWS = 16
_ROWS = 1_024


def relative_error(left: torch.Tensor, right: torch.Tensor, product: torch.Tensor) -> float:
    """The relative Frobenius error of a product, estimated.

    For a vector x of random signs the mean of |Ex|² is the squared Frobenius norm of E
    (Hutchinson, 1989), and (P - LR) x takes no product of matrices (Freivalds, 1977). Every
    element of the product counts; the estimate is of the right size within some 10 %.

    Args:
        left: (M, K).
        right: (K, N).
        product: (M, N), what came out. A number in it that is none makes the error infinite.
    """
    # Some accelerators have no float64; the CPU always does.
    where = left.device if left.device.type in ("cpu", "cuda") else torch.device("cpu")
    signs = _signs(right.shape[1], where)
    right_x = torch.cat([rows.to(where).double() @ signs for rows in _row_blocks(right)])
    wrong = true = 0.0
    for left_rows, rows in zip(_row_blocks(left), _row_blocks(product)):
        expected = left_rows.to(where).double() @ right_x
        wrong += float((rows.to(where).double() @ signs - expected).square().sum())
        true += float(expected.square().sum())
    error = (wrong / true) ** 0.5
    return error if error == error else float("inf")  # noqa: PLR0124 -- NaN alone is not itself


def _signs(length: int, device: torch.device) -> torch.Tensor:
    return (torch.randint(0, 2, (length, _DRAWS), device=device) * 2 - 1).double()


def _row_blocks(matrix: torch.Tensor) -> Iterator[torch.Tensor]:
    """In blocks, for in float64 the whole would take several times its memory."""
    return iter(matrix.split(_ROWS))
