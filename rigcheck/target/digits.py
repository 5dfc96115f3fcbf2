"""The built-in digits: 60,000 + 10,000 images in MNIST's shape, drawn here, the same everywhere.

A style is a digit written once: one of its shapes with its own slant, proportions, bends and pen.
An image is a style at its own place and under its own pressure. Test images use styles that no
training image uses.

Bit for bit the same on every CPU and with every torch: choices come from an integer hash, and the
drawing uses only IEEE operations that have one right answer (+ - * / and comparisons of float32,
one a kernel, so that none can be fused); no sum, matrix product, square root or sine.
"""

from typing import List, Tuple

import torch

from rigcheck.target.digit_shapes import SHAPES, Shape, Stroke

TRAIN_IMAGES, TEST_IMAGES = 60_000, 10_000
SIDE = 28
_TRAIN_STYLES, _TEST_STYLES = 3_600, 600
"""Of all ten digits together."""
_SHIFT = 2
_CANVAS = SIDE + 2 * _SHIFT
_WIDTH, _HEIGHT = 13.0, 19.0
"""Of a digit's box on average, in pixels."""
_SPANS = 4
"""Straight pieces of a curve from one point to the next."""
_PRESSURES = 256
import os
RAD=float(os.environ.get("RAD","1.25")); ROUGH, FIRM = map(int, os.environ.get("ROUGH","63,63").split(","))
LO, HI = map(float, os.environ.get("SLOP","0.5,1.5").split(","))
_CHUNK = 2_000
"""Images made at a time: few enough to stay in the CPU's cache."""
_MASK = 0xFFFFFFFF


def draw_digits() -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Draws them: training images and labels, test images and labels.

    Returns:
        Images (N, 28, 28) uint8, 0 for paper; labels (N,) int64.
    """
    train = _images(TRAIN_IMAGES, _styles(_TRAIN_STYLES, 1), 3)
    test = _images(TEST_IMAGES, _styles(_TEST_STYLES, 2), 4)
    return (*train, *test)


def _hash(x: torch.Tensor, salt: int) -> torch.Tensor:
    """A 32-bit hash of 32-bit integers held in int64: products stay below 2^63."""
    x = (x * 0x9E3779B1 + salt * 0x85EBCA6B) & _MASK if False else (x * 0x3779B1 + salt * 0x5EBCA6B) & _MASK
    for _ in range(2):
        x = ((x ^ (x >> 16)) * 0x45D9F3B) & _MASK
    return x ^ (x >> 16)


def _spread(keys: torch.Tensor, salt: int) -> torch.Tensor:
    """Evenly from -1 to 1, float32, in steps of 2^-15."""
    return (_hash(keys, salt) & 0xFFFF).float() / 32_768.0 - 1.0


def _bell(keys: torch.Tensor, salt: int) -> torch.Tensor:
    return (_spread(keys, salt) + _spread(keys, salt + 1)) * 0.5


def _styles(n_styles: int, salt: int) -> torch.Tensor:
    """(10, n_styles / 10, 32, 32) uint8."""
    digits = []
    for digit, shapes in SHAPES.items():
        each = n_styles // 10 // len(shapes)
        counts = [each] * len(shapes)
        counts[0] += n_styles // 10 - each * len(shapes)
        digits.append(torch.cat([_draw(shape, n, 1_000 * salt + 50 * digit + 10 * i) for i, (shape, n) in enumerate(zip(shapes, counts))]))
    return torch.stack(digits)


def _draw(shape: Shape, n: int, salt: int) -> torch.Tensor:
    keys = torch.arange(n) * 64
    xs, ys = _points(shape, keys, salt * 100)
    radius = RAD + 0.6 * _spread(keys, salt * 100 + 99)
    # Full ink within the inner radius, none beyond the outer.
    outer = radius + 0.65
    inner = radius - 0.65
    outer2, inner2 = outer * outer, inner * inner
    nearest = torch.full((n, _CANVAS, _CANVAS), 1e4)
    for stroke in shape.strokes:
        for ax, ay, bx, by in _pieces(xs, ys, stroke):
            _approach(nearest, ax, ay, bx, by)
    ink = (outer2[:, None, None] - nearest) / (outer2 - inner2)[:, None, None]
    return (ink.clamp_(0.0, 1.0) * 255.0).to(torch.uint8)


def _points(shape: Shape, keys: torch.Tensor, salt: int) -> Tuple[List[torch.Tensor], List[torch.Tensor]]:
    """Where the points of a shape lie in each style, in pixels of the canvas."""
    width = _WIDTH * (1.0 + 0.2 * _spread(keys, salt))
    height = _HEIGHT * (1.0 + 0.08 * _spread(keys, salt + 1))
    slant, turn = 0.15 + 0.3 * _bell(keys, salt + 2), 0.2 * _bell(keys, salt + 4)
    care = _spread(keys, salt + 18) * 0.5 + 0.5
    sloppy = LO + HI * (care * care)
    bends = [0.5 * sloppy * _bell(keys, salt + 6 + 2 * i) for i in range(4)]
    xs, ys = [], []
    for i, (px, py) in enumerate(shape.points):
        x = (px - 0.5) + 0.1 * sloppy * _spread(keys, salt + 20 + i)
        y = (py - 0.5) + 0.07 * sloppy * _spread(keys, salt + 40 + i)
        wx = x + bends[0] * (x * y) + bends[1] * (y * y - 0.1)
        wy = y + bends[2] * (x * y) + bends[3] * (x * x - 0.1)
        xs.append((wx * width - (wy * height) * slant) + (_CANVAS - 1) / 2)
        ys.append((wy * height + (wx * width) * turn) + (_CANVAS - 1) / 2)
    return xs, ys


def _pieces(xs: List[torch.Tensor], ys: List[torch.Tensor], stroke: Stroke):
    px, py = [xs[i] for i in stroke.points], [ys[i] for i in stroke.points]
    if stroke.round:
        px, py = _smooth(px, stroke), _smooth(py, stroke)
    for i in range(len(px) - 1):
        yield px[i], py[i], px[i + 1], py[i + 1]


def _smooth(p: List[torch.Tensor], stroke: Stroke) -> List[torch.Tensor]:
    """Catmull-Rom."""
    closed = stroke.points[0] == stroke.points[-1]
    before = p[-2] if closed else p[0]
    after = p[1] if closed else p[-1]
    q = [before, *p, after]
    out = []
    for i in range(1, len(p)):
        a, b, c, d = q[i - 1], q[i], q[i + 1], q[i + 2]
        for k in range(_SPANS):
            t = k / _SPANS
            out.append(a * (0.5 * (-t + 2 * t * t - t**3)) + b * (0.5 * (2 - 5 * t * t + 3 * t**3)) + c * (0.5 * (t + 4 * t * t - 3 * t**3)) + d * (0.5 * (t**3 - t * t)))
    out.append(p[-1])
    return out


def _approach(nearest, ax, ay, bx, by) -> None:
    grid = torch.arange(_CANVAS, dtype=torch.float32)
    dx, dy = bx - ax, by - ay
    length2 = (dx * dx + dy * dy).clamp_(min=1e-3)
    col = grid[None, None, :] - ax[:, None, None]
    row = grid[None, :, None] - ay[:, None, None]
    t = (col * (dx / length2)[:, None, None] + row * (dy / length2)[:, None, None]).clamp_(0.0, 1.0)
    ex = col - t * dx[:, None, None]
    ey = row - t * dy[:, None, None]
    ex *= ex
    ey *= ey
    ex += ey
    torch.minimum(nearest, ex, out=nearest)


def _pressures() -> torch.Tensor:
    """(256, 28, 28) int16, 0 to 256: how strongly the pen wrote and how the paper took it."""
    n = _PRESSURES * SIDE * SIDE
    rough = _hash(torch.arange(n), 77).view(_PRESSURES, SIDE, SIDE) & ROUGH
    firm = 256 - (_hash(torch.arange(_PRESSURES), 78) & FIRM)
    return (firm[:, None, None] - rough).to(torch.int16)


def _images(n: int, styles: torch.Tensor, salt: int) -> Tuple[torch.Tensor, torch.Tensor]:
    number = torch.arange(n)
    labels = number % 10
    style = labels * styles.shape[1] + _hash(number, salt * 10) % styles.shape[1]
    place = _hash(number, salt * 10 + 1) % (2 * _SHIFT + 1) ** 2
    pressure = _hash(number, salt * 10 + 2) % _PRESSURES
    flat = styles.view(-1, _CANVAS, _CANVAS)
    images = torch.empty((n, SIDE, SIDE), dtype=torch.uint8)
    weights = _pressures()
    for i in range((2 * _SHIFT + 1) ** 2):
        top, left = divmod(i, 2 * _SHIFT + 1)
        window = flat[:, top : top + SIDE, left : left + SIDE].to(torch.int16)
        for chosen in (place == i).nonzero()[:, 0].split(_CHUNK):
            ink = window.index_select(0, style[chosen])
            ink *= weights.index_select(0, pressure[chosen])
            images[chosen] = (ink >> 8).to(torch.uint8)
    return images, labels
