"""The computation that every framework is given: the square of a small matrix of whole numbers."""

from typing import Any, List

from rigcheck.target.stages import wrong

SIDE = 8


def rows() -> List[List[float]]:
    """0 to 63 in rows of 8: the square's sum is exact in single precision."""
    return [[float(SIDE * i + j) for j in range(SIDE)] for i in range(SIDE)]


def check_square(result: Any) -> str:
    """What is wrong with a square of the matrix, given as rows; "" where it is right."""
    matrix = rows()
    columns = [sum(row[k] for row in matrix) for k in range(SIDE)]
    wanted = sum(column * sum(row) for column, row in zip(columns, matrix))
    return wrong(sum(float(number) for row in result for number in row), wanted)
