"""Patterns that find faulty memory, written to a torch device and read back.

Words are 64 bits wide. Each pattern is written to all of the memory before any of it is read, so
that no cache answers in the memory's place. The constants find bits that are stuck or that pull at
their neighbours; words made of their own number find lines of the address that are stuck or
crossed; the mixed ones put unlike bits side by side, as memtest86+ does with random numbers.
"""

from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Tuple

WORD_BYTES = 8
_MOST_SAMPLES = 256
"""Wrong words of a block that are looked at: more tell no more."""
_ODD_BITS = 0x5555555555555555
# The multiplier of Knuth's generator MMIX; it is odd, so no two words are alike.
_MIXER = 6364136223846793005

Pattern = Callable[[Any], Any]
"""What is to stand in a block, from the numbers of its words: as many words, or one for all."""

PATTERNS: Dict[str, Pattern] = {
    "zeros": lambda _numbers: 0,
    "ones": lambda _numbers: -1,
    "odd bits": lambda _numbers: _ODD_BITS,
    "even bits": lambda _numbers: ~_ODD_BITS,
    "numbers": lambda numbers: numbers,
    "inverted numbers": lambda numbers: -1 - numbers,
    "mixed": lambda numbers: numbers * _MIXER,
    "inverted mixed": lambda numbers: -1 - numbers * _MIXER,
}


class Mistake(NamedTuple):
    """A word that was not as it was written."""

    pattern: str
    offset_bytes: int
    """In the memory under test; where on the card that is only the driver knows."""
    wrote: int
    read: int

    @property
    def bits(self) -> int:
        """Those that differ."""
        return (self.wrote ^ self.read) & (2**64 - 1)


class Wrong(NamedTuple):
    """The wrong words of one pattern."""

    words: int
    mistakes: List[Mistake]
    """Some of each block."""


class Ground:
    """The memory under test, in blocks, and the numbers of their words."""

    def __init__(self, blocks: List[Any], ruler: Any) -> None:
        """`ruler` is 0, 1, 2, … of the longest block's length, on the same device."""
        self.blocks = blocks
        self._ruler = ruler

    @property
    def size_bytes(self) -> int:
        """Of all blocks."""
        return int(sum(block.numel() for block in self.blocks)) * WORD_BYTES

    def write(self, pattern: Pattern) -> None:
        """Fills every block."""
        for block, numbers, _ in self._numbered():
            wanted = pattern(numbers)
            if isinstance(wanted, int):
                block.fill_(wanted)
            else:
                block.copy_(wanted)

    def read(self, name: str) -> Wrong:
        """Holds every block against what `PATTERNS[name]` had written."""
        words = 0
        mistakes = []  # type: List[Mistake]
        for block, numbers, first in self._numbered():
            wanted = PATTERNS[name](numbers)
            wrong = block != wanted
            count = int(wrong.sum().item())
            if count:
                words += count
                mistakes += _mistakes(name, block, wanted, wrong, first)
        return Wrong(words, mistakes)

    def _numbered(self) -> Iterator[Tuple[Any, Any, int]]:
        """Each block, the numbers of its words, and the first of them."""
        first = 0
        for block in self.blocks:
            yield block, self._ruler[: block.numel()] + first, first
            first += block.numel()


def _mistakes(name: str, block: Any, wanted: Any, wrong: Any, first: int) -> Iterator[Mistake]:
    places = wrong.nonzero().flatten()[:_MOST_SAMPLES]
    read = block[places].tolist()
    wrote = [wanted] * len(read) if isinstance(wanted, int) else wanted[places].tolist()
    for place, was, found in zip(places.tolist(), wrote, read):
        yield Mistake(name, (first + place) * WORD_BYTES, was, found)
