"""Draws a shape in many styles at once: slant, proportions, bends, slips of the hand, width of pen.

Only IEEE operations with one right answer are used (+ - * / and comparisons of float32), one a
kernel so that none can be fused; no sum, matrix product, square root or sine. The pixels are the
same on every CPU.
"""

from __future__ import annotations

import math
from typing import Iterator, List, Tuple

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

_Points = List[torch.Tensor]
"""One (N,) float32 a point of the shape: its place in each of N styles."""


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
    keys = styles * _KEYS_A_STYLE
    radius = spread(keys + _PEN) * 0.6 + 1.4
    canvas = _Canvas(len(styles), side, reach=float(radius.max()) + _EDGE)
    xs, ys = _place(shape, keys, (side - 1) / 2)
    for stroke in shape.strokes:
        for piece in _pieces(xs, ys, stroke):
            canvas.draw_line(*piece)
    return canvas.ink(radius)


def _place(shape: Shape, keys: torch.Tensor, centre: float) -> Tuple[_Points, _Points]:
    """Where each style puts the points of the shape, in pixels."""
    width = _WIDTH * (spread(keys + _NARROW) * 0.2 + 1.0)
    height = _HEIGHT * (spread(keys + _SHORT) * 0.08 + 1.0)
    slant = bell(keys + _SLANT) * 0.3 + 0.15
    turn = bell(keys + _TURN) * 0.2
    haste = spread(keys + _CARE) * 0.5 + 0.5
    haste = haste * haste * 1.2 + 0.5
    bends = [bell(keys + (_BENDS + i)) * haste * 0.5 for i in range(4)]
    xs, ys = [], []
    for i, (share_x, share_y) in enumerate(shape.points):
        x = spread(keys + (_POINTS + 2 * i)) * haste * 0.1 + (share_x - 0.5)
        y = spread(keys + (_POINTS + 2 * i + 1)) * haste * 0.07 + (share_y - 0.5)
        bent_x = (x + x * y * bends[0] + (y * y - 0.1) * bends[1]) * width
        bent_y = (y + x * y * bends[2] + (x * x - 0.1) * bends[3]) * height
        xs.append(bent_x - bent_y * slant + centre)
        ys.append(bent_y + bent_x * turn + centre)
    return xs, ys


def _pieces(xs: _Points, ys: _Points, stroke: Stroke) -> Iterator[Tuple[torch.Tensor, ...]]:
    """The straight lines that make up a stroke: x and y of the one end, x and y of the other."""
    px, py = [xs[i] for i in stroke.points], [ys[i] for i in stroke.points]
    if stroke.is_curve:
        closed = stroke.points[0] == stroke.points[-1]
        px, py = _smooth(px, closed=closed), _smooth(py, closed=closed)
    return zip(px[:-1], py[:-1], px[1:], py[1:])


def _smooth(points: _Points, closed: bool) -> _Points:
    """The uniform Catmull-Rom spline through the points: https://www.mvps.org/directx/articles/catmull/."""
    before, after = (points[-2], points[1]) if closed else (points[0], points[-1])
    through = [before, *points, after]
    curve = []
    for a, b, c, d in zip(through, through[1:], through[2:], through[3:]):
        for step in range(_SPANS):
            t = step / _SPANS  # a power of two, so that the weights below are exact
            curve.append(
                a * ((-t + 2 * t**2 - t**3) / 2)
                + b * ((2 - 5 * t**2 + 3 * t**3) / 2)
                + c * ((t + 4 * t**2 - 3 * t**3) / 2)
                + d * ((t**3 - t**2) / 2)
            )
    return [*curve, points[-1]]


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

    def draw_line(
        self, ax: torch.Tensor, ay: torch.Tensor, bx: torch.Tensor, by: torch.Tensor
    ) -> None:
        """From (ax, ay) to (bx, by), each (N,): a line of its own on each sheet.

        Pixels that it leaves no ink on, on any sheet, are left alone: most of them, for a curve is
        made of short lines.
        """
        rows, columns = self._within_reach(ay, by), self._within_reach(ax, bx)
        nearest = self._nearest[:, rows, columns]
        along = self._along[: nearest.numel()].view_as(nearest)
        away = self._away[: nearest.numel()].view_as(nearest)
        ax, ay, dx, dy = (v.view(-1, 1, 1) for v in (ax, ay, bx - ax, by - ay))
        length2 = (dx * dx + dy * dy).clamp_(min=1e-3)
        across, down = self._columns[..., columns] - ax, self._rows[:, rows] - ay
        # The nearest point of the line, 0 at its start, 1 at its end.
        torch.add(across * (dx / length2), down * (dy / length2), out=along)
        along.clamp_(0.0, 1.0)
        torch.mul(along, dx, out=away)
        torch.sub(across, away, out=away).mul_(away)
        along.mul_(dy)
        torch.sub(down, along, out=along).mul_(along)
        away.add_(along)
        torch.minimum(nearest, away, out=nearest)

    def _within_reach(self, a: torch.Tensor, b: torch.Tensor) -> slice:
        """The pixels of one direction that lines from a to b may leave ink on."""
        least, most = (float(end) for end in torch.stack((a, b)).aminmax())
        first = max(0, math.floor(least - self._reach))
        return slice(first, max(first, min(self._side, math.ceil(most + self._reach) + 1)))

    def ink(self, radius: torch.Tensor) -> torch.Tensor:
        """(N, side, side) uint8 for pens of these radii in pixels; strokes have soft edges."""
        outer, inner = (radius + _EDGE).view(-1, 1, 1), (radius - _EDGE).view(-1, 1, 1)
        outer2, inner2 = outer * outer, inner * inner
        share = ((outer2 - self._nearest) / (outer2 - inner2)).clamp_(0.0, 1.0)
        return share.mul_(255.0).add_(0.5).to(torch.uint8)
