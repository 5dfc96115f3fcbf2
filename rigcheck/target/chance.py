"""Choices that are the same on every machine and with every torch: an integer hash, no generator.

torch's own random numbers are promised neither across its releases nor across devices.
"""

from __future__ import annotations

import torch

_MASK = 0xFFFFFFFF
_ODD = 0x45D9F3B
"""Mixes well; and a 32-bit number times it stays below 2^63, so that no int64 overflows."""


def hash_bits(keys: torch.Tensor) -> torch.Tensor:
    """(N,) int64 from 0 to 2^32 - 1 to as many well mixed ones."""
    x = (keys + 0x9E3779B9) & _MASK
    x = ((x ^ (x >> 16)) * _ODD) & _MASK
    x = ((x ^ (x >> 16)) * _ODD) & _MASK
    return x ^ (x >> 16)


def spread(keys: torch.Tensor) -> torch.Tensor:
    """(N,) float32, evenly from -1 to 1 in steps of 2^-15."""
    return (hash_bits(keys) & 0xFFFF).float() / 32_768.0 - 1.0


def bell(keys: torch.Tensor) -> torch.Tensor:
    """(N,) float32 from -1 to 1, mostly near 0: the mean of two even ones."""
    bits = hash_bits(keys)
    return ((bits & 0xFFFF) + (bits >> 16)).float() / 65_536.0 - 1.0
