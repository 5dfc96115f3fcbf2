"""The built-in digits: 60,000 + 10,000 images in MNIST's shape, the same bit for bit everywhere.

A style is a digit written once. An image is a style at its own place, under its own pressure and on
its own paper. The test images are of styles that no training image shows.
"""

from __future__ import annotations

from typing import Tuple

import torch

from rigcheck.target.chance import hash_bits, spread
from rigcheck.target.digit_pen import draw_styles
from rigcheck.target.digit_shapes import SHAPES

TRAIN_IMAGES, TEST_IMAGES = 60_000, 10_000
SIDE = 28
CLASSES = 10
_TRAIN_STYLES, _TEST_STYLES = 400, 100
"""Of each digit."""
_FIRST_TEST_STYLE = 1_000_000
_SHIFT = 1
"""An image lies up to this many pixels beside its style, in each direction."""
_PLACES_A_SIDE = 2 * _SHIFT + 1
_PAPERS = 256
_SPOTS = 2
_FIRST_SPOT = 7_000_000
_IMAGES_AT_A_TIME = 1_000
"""Few enough for the working set to stay in the CPU's cache."""


def draw_training_images() -> Tuple[torch.Tensor, torch.Tensor]:
    """Draws 60,000: images (N, 28, 28) uint8, 0 for paper; labels (N,) int64."""
    return _draw(TRAIN_IMAGES, _TRAIN_STYLES, 0)


def draw_test_images() -> Tuple[torch.Tensor, torch.Tensor]:
    """Draws 10,000 in the same way."""
    return _draw(TEST_IMAGES, _TEST_STYLES, _FIRST_TEST_STYLE)


def _draw(n: int, styles: int, first_style: int) -> Tuple[torch.Tensor, torch.Tensor]:
    threads = torch.get_num_threads()
    # A second one gains a fifth where a core is free. Where none is, each of a thousand small steps
    # waits for the scheduler, and half a second becomes a quarter of a minute.
    torch.set_num_threads(1)
    try:
        return _make_images(n, _draw_all(styles, first_style), _papers())
    finally:
        torch.set_num_threads(threads)


def _draw_all(per_digit: int, first_style: int) -> torch.Tensor:
    """(10 * per_digit, side, side) uint8: the styles of 0, those of 1, …, with room to shift."""
    drawn = []
    for shapes in SHAPES:
        styles = torch.arange(first_style, first_style + per_digit)
        first_style += per_digit
        for shape, some in zip(shapes, styles.tensor_split(len(shapes))):
            drawn.append(draw_styles(shape, some, SIDE + 2 * _SHIFT))
    return torch.cat(drawn)


def _papers() -> torch.Tensor:
    """(256, 28, 28) int16 up to 256: how firmly the pen is pressed, how the paper takes the ink.

    Every paper has two greasy spots that take none. Without them the digits are so easy that
    nothing holds the weights back: they grow until a rare mistake makes SGD at this rate diverge.
    """
    papers = torch.arange(_PAPERS)
    rough = hash_bits(torch.arange(_PAPERS * SIDE * SIDE)).view(_PAPERS, SIDE, SIDE) & 31
    firm = hash_bits(papers).view(_PAPERS, 1, 1) >> 27
    takes = (256 - firm - rough).float()
    for spot in range(_SPOTS):
        takes = takes * _outside_spot(_FIRST_SPOT + (papers * _SPOTS + spot) * 3)
    return takes.to(torch.int16)


def _outside_spot(keys: torch.Tensor) -> torch.Tensor:
    """(N, 28, 28) float32: 0 within a spot of up to 4 pixels' radius, rising to 1 around it."""
    centre = (SIDE - 1) / 2
    x, y = spread(keys) * 10.0 + centre, spread(keys + 1) * 11.0 + centre
    radius = (spread(keys + 2) * 2.0 + 2.0).view(-1, 1, 1)
    grid = torch.arange(SIDE, dtype=torch.float32)
    across, down = (
        grid.view(1, 1, SIDE) - x.view(-1, 1, 1),
        grid.view(1, SIDE, 1) - y.view(-1, 1, 1),
    )
    distance2 = across * across + down * down
    return ((distance2 - radius * radius) / (radius * 3.0 + 0.1)).clamp_(0.0, 1.0)


def _make_images(
    n: int, styles: torch.Tensor, papers: torch.Tensor
) -> Tuple[torch.Tensor, torch.Tensor]:
    number = torch.arange(n)
    labels = number % CLASSES
    per_digit = len(styles) // CLASSES
    style = labels * per_digit + hash_bits(number) % per_digit
    place = hash_bits(number + n) % _PLACES_A_SIDE**2
    paper = hash_bits(number + 2 * n) % _PAPERS
    images = torch.empty((n, SIDE, SIDE), dtype=torch.uint8)
    # Eight pixels at a time: torch writes a scattered element in about the same time, however wide.
    eights = images.view(n, -1).view(torch.int64)
    for i in range(_PLACES_A_SIDE**2):
        top, left = divmod(i, _PLACES_A_SIDE)
        shifted = styles[:, top : top + SIDE, left : left + SIDE].to(torch.int16)
        for chosen in (place == i).nonzero().view(-1).split(_IMAGES_AT_A_TIME):
            ink = shifted.index_select(0, style[chosen])
            ink.mul_(papers.index_select(0, paper[chosen])).bitwise_right_shift_(8)
            eights[chosen] = ink.to(torch.uint8).view(len(chosen), -1).view(torch.int64)
    return images, labels
