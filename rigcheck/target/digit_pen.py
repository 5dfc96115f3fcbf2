"""Draws a shape in many styles at once: slant, proportions, bends, slips of the hand, width of pen.

Only IEEE operations with one right answer are used (+ - * / and comparisons of float32), one a
kernel so that none can be fused; no sum, matrix product, square root or sine. The pixels are the
same on every CPU.
"""

from __future__ import annotations

import math
from typing import Iterator, Tuple

import torch

from rigcheck.target.chance import bell, spread
from rigcheck.target.digit_shapes import Shape, Stroke

_WIDTH, _HEIGHT = 13.0, 19.0
"""A digit's box on average, in pixels."""
_SPANS = 4
"""Straight pieces of a curve from one point to the next."""
_STYLES_AT_A_TIME = 400
"""Few enough for the working set to stay in the CPU's cache."""
_EDGE = 0.65
"""Half the width of a stroke's soft edge, in pixels."""
_NEVER_NEAR = 1e4
_KEYS_A_STYLE = 64
# Which of a style's choices a key is for; each point of the shape has two more from _POINTS on.
_NARROW, _SHORT, _SLANT, _TURN, _BENDS, _CARE, _PEN, _POINTS = 0, 1, 2, 3, 4, 8, 9, 10
_N_BENDS = 4

_Points = Tuple[torch.Tensor, torch.Tensor]
"""x and y, each (P, N) float32: the places of P points in each of N styles, in pixels."""


def draw_styles(shape: Shape, styles: torch.Tensor, side: int) -> torch.Tensor:
    """Draws a shape in each of the styles.

    Args:
        shape: the digit's shape.
        styles: (N,) int64, numbers of the styles: a number is a hand.
        side: of the square images, in pixels.

    Returns:
        (N, side, side) uint8, 0 for paper, 255 for full ink.
    """
    return torch.cat([_draw(shape, some, side) for some in styles.split(_STYLES_AT_A_TIME)])


def _draw(shape: Shape, styles: torch.Tensor, side: int) -> torch.Tensor:
    keys = torch.arange(_KEYS_A_STYLE).view(-1, 1) + styles * _KEYS_A_STYLE
    choices = spread(keys)
    radius = choices[_PEN] * 0.6 + 1.4
    canvas = _Canvas(len(styles), side, reach=float(radius.max()) + _EDGE)
    x, y = _place(shape, choices, bell(keys[:_CARE]), (side - 1) / 2)
    for stroke in shape.strokes:
        canvas.draw_lines(*_corners(x, y, stroke))
    return canvas.ink(radius)


def _place(shape: Shape, choices: torch.Tensor, bells: torch.Tensor, centre: float) -> _Points:
    """Where each style puts the points of the shape.

    `choices`, (K, N), and `bells`, of the first of them, are those of `chance`.
    """
    width = _WIDTH * (choices[_NARROW] * 0.2 + 1.0)
    height = _HEIGHT * (choices[_SHORT] * 0.08 + 1.0)
    slant = bells[_SLANT] * 0.3 + 0.15
    turn = bells[_TURN] * 0.2
    haste = choices[_CARE] * 0.5 + 0.5
    haste = haste * haste * 1.2 + 0.5
    bends = bells[_BENDS : _BENDS + _N_BENDS] * haste * 0.5
    slips = choices[_POINTS : _POINTS + 2 * len(shape.points)]
    # Taken from the middle before it is rounded to float32.
    middles = torch.tensor([(x - 0.5, y - 0.5) for x, y in shape.points]).unsqueeze(2)
    x = slips[::2] * haste * 0.1 + middles[:, 0]
    y = slips[1::2] * haste * 0.07 + middles[:, 1]
    bent_x = (x + x * y * bends[0] + (y * y - 0.1) * bends[1]) * width
    bent_y = (y + x * y * bends[2] + (x * x - 0.1) * bends[3]) * height
    return bent_x - bent_y * slant + centre, bent_y + bent_x * turn + centre


def _corners(x: torch.Tensor, y: torch.Tensor, stroke: Stroke) -> _Points:
    """The ends of the straight lines that make up a stroke, one after the other."""
    x, y = x[list(stroke.points)], y[list(stroke.points)]
    if stroke.is_curve:
        closed = stroke.points[0] == stroke.points[-1]
        return _smooth(x, closed=closed), _smooth(y, closed=closed)
    return x, y


def _smooth(points: torch.Tensor, closed: bool) -> torch.Tensor:
    """The uniform Catmull-Rom spline through the points: https://www.mvps.org/directx/articles/catmull/."""
    before, after = (points[-2], points[1]) if closed else (points[0], points[-1])
    through = torch.cat((before.unsqueeze(0), points, after.unsqueeze(0)))
    a, b, c, d = through[:-3], through[1:-2], through[2:-1], through[3:]
    curves = []
    for step in range(_SPANS):
        t = step / _SPANS  # a power of two, so that the weights below are exact
        curves.append(
            a * ((-t + 2 * t**2 - t**3) / 2)
            + b * ((2 - 5 * t**2 + 3 * t**3) / 2)
            + c * ((t + 4 * t**2 - 3 * t**3) / 2)
            + d * ((t**3 - t**2) / 2)
        )
    return torch.cat((torch.stack(curves, dim=1).flatten(0, 1), points[-1:]))


class _Canvas:
    """N square sheets: remembers how near the pen came to each pixel, as a squared distance."""

    def __init__(self, n: int, side: int, reach: float) -> None:
        """`reach` is how far from its middle the widest pen leaves ink, in pixels."""
        self._side, self._reach = side, reach
        grid = torch.arange(side, dtype=torch.float32)
        self._columns, self._rows = grid.view(1, 1, side), grid.view(1, side, 1)
        self._nearest = torch.full((n, side, side), _NEVER_NEAR)
        # Written over for each line: new memory each time costs more than the arithmetic.
        self._along = torch.empty(n * side * side)
        self._away = torch.empty(n * side * side)

    def draw_lines(self, x: torch.Tensor, y: torch.Tensor) -> None:
        """From each point to the next; x and y are (P, N), lines of its own on each sheet.

        Pixels that a line leaves no ink on, on any sheet, are left alone: most of them, for a curve
        is made of short lines.
        """
        starts = x[:-1], y[:-1]
        steps = x.diff(dim=0), y.diff(dim=0)
        length2 = (steps[0] * steps[0] + steps[1] * steps[1]).clamp_(min=1e-3)
        shares = steps[0] / length2, steps[1] / length2
        lines = zip(*(v.view(len(v), -1, 1, 1) for v in (*starts, *steps, *shares)))
        for rows, columns, line in zip(self._within_reach(y), self._within_reach(x), lines):
            self._draw_line(rows, columns, *line)

    def _draw_line(self, rows: slice, columns: slice, *line: torch.Tensor) -> None:
        """`line`: start, step to the end, and that by the square of its length; x and y each."""
        ax, ay, dx, dy, share_x, share_y = line
        nearest = self._nearest[:, rows, columns]
        along = self._along[: nearest.numel()].view_as(nearest)
        away = self._away[: nearest.numel()].view_as(nearest)
        across, down = self._columns[..., columns] - ax, self._rows[:, rows] - ay
        # The nearest point of the line, 0 at its start, 1 at its end.
        torch.add(across * share_x, down * share_y, out=along)
        along.clamp_(0.0, 1.0)
        torch.mul(along, dx, out=away)
        torch.sub(across, away, out=away).mul_(away)
        along.mul_(dy)
        torch.sub(down, along, out=along).mul_(along)
        away.add_(along)
        torch.minimum(nearest, away, out=nearest)

    def _within_reach(self, places: torch.Tensor) -> Iterator[slice]:
        """The pixels of one direction that each line between (P, N) places may leave ink on."""
        least, most = (ends.tolist() for ends in places.aminmax(dim=1))
        for a, b in zip(zip(least, most), zip(least[1:], most[1:])):
            first = max(0, math.floor(min(a[0], b[0]) - self._reach))
            last = min(self._side, math.ceil(max(a[1], b[1]) + self._reach) + 1)
            yield slice(first, max(first, last))

    def ink(self, radius: torch.Tensor) -> torch.Tensor:
        """(N, side, side) uint8 for pens of these radii in pixels; strokes have soft edges."""
        outer, inner = (radius + _EDGE).view(-1, 1, 1), (radius - _EDGE).view(-1, 1, 1)
        outer2, inner2 = outer * outer, inner * inner
        share = ((outer2 - self._nearest) / (outer2 - inner2)).clamp_(0.0, 1.0)
        return share.mul_(255.0).add_(0.5).to(torch.uint8)
