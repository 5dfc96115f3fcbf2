"""Task: writes patterns to the free memory of each GPU and reads them back.

It runs on any device of torch. It takes memory that is free, leaves some to others, and ends by
time: a good card of 24 GB does a round of all patterns in half a second, an old one in a few.
"""

import time
from typing import Any, Callable, Dict, Iterator, List, Optional

from rigcheck.target.big_import import big_import
from rigcheck.target.facts_wire import error_text
from rigcheck.target.memory_patterns import PATTERNS, WORD_BYTES, Ground, Mistake
from rigcheck.target.wire import Wire

MIB = 1024**2
_BLOCK_BYTES = 64 * MIB
# Three blocks hold the numbers, what is wanted and what differs; the rest is torch's and others'.
_LEFT_FREE_BYTES = 512 * MIB
_LEFT_FREE_SHARE = 0.05
_OF_SHARED_MEMORY = 0.25
"""A GPU without memory of its own takes it from the programs of the machine."""
_LEAST_S = 10.0
"""Rounds are repeated so long: heat and time bring out what the first round does not."""
_MOST_S = 60.0
_MISTAKES_TOLD = 8

_CUDA_FAILED = "CUDA error"
"""After one, CUDA repeats its words at calls to other devices of the process."""

Meanwhile = Callable[[str, List[Any]], None]
"""Given a pattern's name and the blocks between writing and reading: a test spoils them there."""


class Trial:
    """Of one device. After `run` the fields say how it went.

    Attributes:
        tested_bytes: how much memory was written and read.
        rounds: how often all patterns went through.
        wrong_words: words of 64 bits that were not as written, each time counted.
        mistakes: the first of them.
        flipped_bits: all bits that differed in those looked at.
        error: torch's words where it could not go on.
    """

    def __init__(self, device: str, least_s: float = _LEAST_S, most_s: float = _MOST_S) -> None:
        self.device = device
        self.tested_bytes = 0
        self.rounds = 0
        self.wrong_words = 0
        self.mistakes: List[Mistake] = []
        self.flipped_bits = 0
        self.duration_s = 0.0
        self.error = ""
        self._least_s = least_s
        self._most_s = most_s

    def run(self, torch: Any, limit_bytes: int, meanwhile: Optional[Meanwhile] = None) -> None:
        """Tests up to `limit_bytes`, or as much as can be had."""
        started_s = time.monotonic()
        try:
            ground = _take(torch, self.device, limit_bytes)
            self.tested_bytes = ground.size_bytes
            self._repeat(torch, ground, started_s, meanwhile)
        except Exception as error:  # noqa: BLE001 -- torch's own words are the fact
            self.error = error_text(error)
        self.duration_s = time.monotonic() - started_s

    def _repeat(
        self, torch: Any, ground: Ground, started_s: float, meanwhile: Optional[Meanwhile]
    ) -> None:
        while self.rounds == 0 or time.monotonic() - started_s < self._least_s:
            for name in PATTERNS:
                if time.monotonic() - started_s > self._most_s:
                    return
                ground.write(PATTERNS[name])
                _wait(torch, self.device)
                if meanwhile is not None:
                    meanwhile(name, ground.blocks)
                self._count(ground, name)
            self.rounds += 1

    def _count(self, ground: Ground, name: str) -> None:
        wrong = ground.read(name)
        self.wrong_words += wrong.words
        for mistake in wrong.mistakes:
            self.flipped_bits |= mistake.bits
        self.mistakes = (self.mistakes + wrong.mistakes)[:_MISTAKES_TOLD]


def run(wire: Wire, arguments: Dict[str, Any]) -> None:
    """Sends an event `trial` a device: before it begins, and when it is over.

    `devices` names others than all of CUDA's, `limit_bytes` takes less than what is free, `least_s`
    is the time in which rounds are repeated.
    """
    wire.stage("import torch")
    with big_import():
        import torch

    devices = arguments.get("devices")
    for device in _cuda_devices(torch) if devices is None else devices:
        trial = Trial(device, arguments.get("least_s", _LEAST_S))
        wire.stage("memory of {}".format(device))
        wire.send("trial", trial=_told(torch, trial))
        trial.run(torch, _limit_bytes(torch, device, arguments.get("limit_bytes")))
        wire.send("trial", trial=_told(torch, trial))
        if _CUDA_FAILED in trial.error:
            return
        if device != "cpu":
            torch.cuda.empty_cache()


def _cuda_devices(torch: Any) -> Iterator[str]:
    if torch.version.cuda is not None and torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            yield "cuda:{}".format(index)


def _limit_bytes(torch: Any, device: str, wish_bytes: Optional[int]) -> int:
    """What may be taken of a device. The CPU's own memory only as far as it is wished for."""
    if device == "cpu":
        return wish_bytes or 0
    free_bytes, total_bytes = torch.cuda.mem_get_info(device)
    properties = torch.cuda.get_device_properties(device)
    if getattr(properties, "is_integrated", 0):
        most_bytes = int(free_bytes * _OF_SHARED_MEMORY)
    else:
        most_bytes = int(free_bytes - max(_LEFT_FREE_BYTES, total_bytes * _LEFT_FREE_SHARE))
    return max(0, most_bytes if wish_bytes is None else min(wish_bytes, most_bytes))


def _take(torch: Any, device: str, limit_bytes: int) -> Ground:
    """Blocks up to the limit, or up to where no more is given.

    Raises:
        MemoryError: if not even one block can be had.
    """
    block_bytes = min(_BLOCK_BYTES, limit_bytes)
    words = block_bytes // WORD_BYTES
    ruler = torch.arange(words, dtype=torch.int64, device=device)
    blocks: List[Any] = []
    while words and (len(blocks) + 1) * block_bytes <= limit_bytes:
        block = _block(torch, device, words)
        if block is None:
            break
        blocks.append(block)
    if not blocks:
        raise MemoryError("too little of its memory is free")
    return Ground(blocks, ruler)


def _block(torch: Any, device: str, words: int) -> Any:
    """None where no more can be had: others took what was free."""
    try:
        return torch.empty(words, dtype=torch.int64, device=device)
    except (RuntimeError, MemoryError):  # torch.OutOfMemoryError is a RuntimeError
        return None


def _wait(torch: Any, device: str) -> None:
    if device != "cpu":
        torch.cuda.synchronize(device)


def _told(torch: Any, trial: Trial) -> Dict[str, Any]:
    """As `rigcheck.facts.MemoryTrial`."""
    return {
        "device": trial.device,
        "name": _name(torch, trial.device),
        "tested_bytes": trial.tested_bytes,
        "rounds": trial.rounds,
        "patterns": list(PATTERNS),
        "duration_s": trial.duration_s,
        "wrong_words": trial.wrong_words,
        "flipped_bits": [bit for bit in range(64) if trial.flipped_bits >> bit & 1],
        "mistakes": [
            {
                "pattern": mistake.pattern,
                "offset_bytes": mistake.offset_bytes,
                "wrote": _hex(mistake.wrote),
                "read": _hex(mistake.read),
            }
            for mistake in trial.mistakes
        ],
        "error": trial.error,
    }


def _name(torch: Any, device: str) -> str:
    return "CPU" if device == "cpu" else str(torch.cuda.get_device_name(device))


def _hex(word: int) -> str:
    return "{:016x}".format(word & (2**64 - 1))
