"""The GPUs' memory under test."""

import msgspec

from rigcheck.facts.fact import NOT_ASKED, Fact, Part


class MemoryMistake(msgspec.Struct, frozen=True, kw_only=True):
    """A word of a GPU's memory that was not as it was written."""

    pattern: str
    """`zeros`, `mixed`, …"""
    offset_bytes: int
    """In the memory under test; where on the card that is only the driver knows."""
    wrote: str
    """64 bits in hexadecimal, as is the next."""
    read: str


class MemoryTrial(msgspec.Struct, frozen=True, kw_only=True):
    """How a GPU's memory held patterns that were written to what was free of it."""

    device: str
    """`cuda:0`, as `TorchDevice.device`."""
    name: str
    tested_bytes: int
    rounds: int
    """How often all patterns were written and read; 0 where not all came to an end."""
    patterns: tuple[str, ...]
    duration_s: float
    wrong_words: int
    """Words of 64 bits that were not as written; one that is wrong again counts again."""
    flipped_bits: tuple[int, ...]
    """0 to 63: those bits of a word that were wrong in those looked at."""
    mistakes: tuple[MemoryMistake, ...]
    """The first few."""
    error: str = ""
    """Why it ended early; empty where it went through."""


class Vram(Part, frozen=True, kw_only=True):
    """The GPUs' memory under a test that is made only where it is asked for."""

    trials: Fact[tuple[MemoryTrial, ...]] = NOT_ASKED
    """One entry a CUDA device that torch may use; empty where it may use none."""
