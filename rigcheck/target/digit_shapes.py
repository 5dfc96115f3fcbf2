"""The ten digits as a pen draws them: some shapes for each, as points and the strokes through them.

Coordinates are shares of the digit's box: x from 0 (left) to 1, y from 0 (top) to 1.
"""

from __future__ import annotations

from typing import NamedTuple, Tuple

Point = Tuple[float, float]


class Stroke(NamedTuple):
    """Where the pen goes: numbers of points, the first again at the end where it closes."""

    points: Tuple[int, ...]
    is_curve: bool
    """A smooth curve through the points, not straight lines between them."""


class Shape(NamedTuple):
    """One way to write a digit. Strokes that share a point stay joined however it moves."""

    points: Tuple[Point, ...]
    strokes: Tuple[Stroke, ...]


def _curve(*points: Point) -> Shape:
    return Shape(points, (Stroke(tuple(range(len(points))), True),))


def _ring(*points: Point) -> Shape:
    return Shape(points, (Stroke((*range(len(points)), 0), True),))


def _lines(*points: Point) -> Shape:
    return Shape(points, (Stroke(tuple(range(len(points))), False),))


_ZERO = (
    _ring(
        (0.5, 0.0), (0.12, 0.2), (0.02, 0.6), (0.3, 0.97), (0.68, 0.93), (0.96, 0.5), (0.85, 0.12)
    ),
    _ring(
        (0.5, 0.0), (0.22, 0.15), (0.12, 0.55), (0.35, 1.0), (0.65, 0.97), (0.86, 0.5), (0.8, 0.15)
    ),
)
_ONE = (
    _lines((0.5, 0.0), (0.5, 1.0)),
    _lines((0.3, 0.2), (0.55, 0.0), (0.52, 1.0)),
    Shape(
        ((0.28, 0.22), (0.52, 0.0), (0.5, 1.0), (0.2, 1.0), (0.8, 1.0)),
        (Stroke((0, 1, 2), False), Stroke((3, 4), False)),
    ),
)
_TWO = (
    Shape(
        ((0.08, 0.25), (0.4, 0.0), (0.85, 0.2), (0.6, 0.6), (0.02, 1.0), (0.98, 0.98)),
        (Stroke((0, 1, 2, 3, 4), True), Stroke((4, 5), False)),
    ),
    _curve(
        (0.1, 0.2),
        (0.45, 0.0),
        (0.85, 0.22),
        (0.6, 0.62),
        (0.2, 0.97),
        (0.05, 0.85),
        (0.25, 0.75),
        (0.6, 0.95),
        (1.0, 0.9),
    ),
)
_THREE = (
    Shape(
        (
            (0.1, 0.12),
            (0.5, 0.0),
            (0.85, 0.2),
            (0.7, 0.42),
            (0.4, 0.48),
            (0.75, 0.55),
            (0.92, 0.77),
            (0.55, 1.0),
            (0.05, 0.9),
        ),
        (Stroke((0, 1, 2, 3, 4), True), Stroke((4, 5, 6, 7, 8), True)),
    ),
    Shape(
        (
            (0.1, 0.03),
            (0.85, 0.0),
            (0.45, 0.42),
            (0.85, 0.55),
            (0.85, 0.85),
            (0.45, 1.0),
            (0.05, 0.88),
        ),
        (Stroke((0, 1, 2), False), Stroke((2, 3, 4, 5, 6), True)),
    ),
)
_FOUR = (
    Shape(
        ((0.2, 0.0), (0.05, 0.55), (0.95, 0.5), (0.78, 0.05), (0.68, 1.0)),
        (Stroke((0, 1, 2), False), Stroke((3, 4), False)),
    ),
    Shape(
        ((0.68, 0.0), (0.02, 0.65), (0.98, 0.65), (0.7, 1.0)),
        (Stroke((0, 1, 2), False), Stroke((0, 3), False)),
    ),
)
_FIVE = (
    Shape(
        (
            (0.92, 0.02),
            (0.25, 0.03),
            (0.18, 0.45),
            (0.6, 0.4),
            (0.93, 0.68),
            (0.6, 0.98),
            (0.05, 0.92),
        ),
        (Stroke((0, 1, 2), False), Stroke((2, 3, 4, 5, 6), True)),
    ),
)
_SIX = (
    _curve(
        (0.75, 0.0),
        (0.3, 0.25),
        (0.06, 0.68),
        (0.35, 1.0),
        (0.8, 0.85),
        (0.75, 0.55),
        (0.4, 0.52),
        (0.15, 0.75),
    ),
    _curve(
        (0.55, 0.0), (0.2, 0.35), (0.15, 0.8), (0.5, 1.0), (0.88, 0.78), (0.6, 0.52), (0.2, 0.7)
    ),
)
_SEVEN = (
    _lines((0.05, 0.05), (0.92, 0.03), (0.4, 1.0)),
    Shape(
        ((0.05, 0.08), (0.92, 0.03), (0.6, 0.5), (0.35, 1.0), (0.25, 0.55), (0.85, 0.47)),
        (Stroke((0, 1), False), Stroke((1, 2, 3), True), Stroke((4, 5), False)),
    ),
    Shape(
        ((0.08, 0.22), (0.1, 0.04), (0.92, 0.02), (0.5, 1.0)),
        (Stroke((0, 1, 2, 3), False),),
    ),
)
_EIGHT = (
    _ring(
        (0.85, 0.12),
        (0.45, 0.0),
        (0.15, 0.2),
        (0.48, 0.46),
        (0.88, 0.78),
        (0.45, 1.0),
        (0.1, 0.78),
        (0.52, 0.46),
    ),
    Shape(
        (
            (0.5, 0.0),
            (0.15, 0.22),
            (0.5, 0.46),
            (0.85, 0.22),
            (0.08, 0.74),
            (0.5, 1.0),
            (0.92, 0.74),
        ),
        (Stroke((0, 1, 2, 3, 0), True), Stroke((2, 4, 5, 6, 2), True)),
    ),
)
_NINE = (
    Shape(
        ((0.85, 0.15), (0.45, 0.0), (0.1, 0.25), (0.35, 0.5), (0.8, 0.38), (0.75, 1.0)),
        (Stroke((0, 1, 2, 3, 4, 0), True), Stroke((0, 5), False)),
    ),
    Shape(
        (
            (0.82, 0.1),
            (0.4, 0.02),
            (0.1, 0.3),
            (0.4, 0.52),
            (0.8, 0.35),
            (0.78, 0.75),
            (0.5, 1.0),
            (0.15, 0.92),
        ),
        (Stroke((0, 1, 2, 3, 4), True), Stroke((0, 4, 5, 6, 7), True)),
    ),
)

SHAPES: Tuple[Tuple[Shape, ...], ...] = (
    _ZERO,
    _ONE,
    _TWO,
    _THREE,
    _FOUR,
    _FIVE,
    _SIX,
    _SEVEN,
    _EIGHT,
    _NINE,
)
"""The shapes of 0, of 1, …"""
