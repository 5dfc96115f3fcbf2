"""The memory test on the CPU's own memory, which a test may spoil between writing and reading."""

from collections.abc import Callable
from typing import Any

import pytest

from rigcheck.target.memory_patterns import PATTERNS
from rigcheck.target.memory_trial import Trial

torch = pytest.importorskip("torch")

BYTES = 64 * 1024
BIT_3_OF_WORD_5 = 1 << 3


def trial(spoil: Callable[[str, Any], None] | None = None, least_s: float = 0.0) -> Trial:
    done = Trial("cpu", least_s)
    done.run(torch, BYTES, None if spoil is None else lambda name, blocks: spoil(name, blocks[0]))
    return done


def test_memory_that_holds_makes_no_mistake() -> None:
    done = trial()
    assert (done.tested_bytes, done.rounds, done.wrong_words, done.error) == (BYTES, 1, 0, "")


def test_a_bit_that_flips_once_is_found_with_its_place() -> None:
    def flip(name: str, block: Any) -> None:
        if name == "mixed":
            block[5] ^= BIT_3_OF_WORD_5

    done = trial(flip)
    assert done.wrong_words == 1
    (mistake,) = done.mistakes
    assert (mistake.pattern, mistake.offset_bytes) == ("mixed", 40)
    assert mistake.bits == BIT_3_OF_WORD_5
    assert done.flipped_bits == BIT_3_OF_WORD_5


@pytest.mark.parametrize("is_stuck_at_one", [True, False])
@pytest.mark.parametrize("bit", [0, 31, 63])
def test_a_bit_that_is_stuck_is_found_whichever_it_is(bit: int, *, is_stuck_at_one: bool) -> None:
    mask = torch.tensor(1, dtype=torch.int64) << bit

    def stick(_: str, block: Any) -> None:
        block[77] = block[77] | mask if is_stuck_at_one else block[77] & ~mask

    done = trial(stick)
    assert done.flipped_bits == 1 << bit
    assert {mistake.offset_bytes for mistake in done.mistakes} == {77 * 8}


def test_a_line_of_the_address_that_is_stuck_is_found() -> None:
    """Two places of memory are one: what is written to the one is read at the other."""

    def fold(_: str, block: Any) -> None:
        half = block.numel() // 2
        block[half:] = block[:half]

    assert trial(fold).wrong_words > 0


def test_neighbouring_blocks_are_told_apart() -> None:
    """Each block counts on where the one before ended, so that two that are one differ."""

    def spoil(_: str, blocks: Any) -> None:
        blocks[1].copy_(blocks[0])

    done = Trial("cpu", 0.0)
    done.run(torch, 2 * 64 * 1024**2, spoil)
    assert done.tested_bytes == 2 * 64 * 1024**2
    assert done.wrong_words > 0
    assert all(mistake.offset_bytes >= 64 * 1024**2 for mistake in done.mistakes)


def test_every_pattern_finds_a_bit_that_flips() -> None:
    caught = set()

    def flip(_: str, block: Any) -> None:
        block[0] ^= 1

    done = trial(flip)
    caught = {mistake.pattern for mistake in done.mistakes}
    assert caught == set(PATTERNS)


def test_rounds_go_on_for_the_least_time() -> None:
    assert trial(least_s=0.2).rounds > 1


def test_a_round_that_time_ends_is_no_round() -> None:
    done = Trial("cpu", least_s=0.0, most_s=-1.0)
    done.run(torch, BYTES)
    assert (done.rounds, done.tested_bytes, done.wrong_words, done.error) == (0, BYTES, 0, "")


def test_memory_that_cannot_be_had_is_the_trials_own_error() -> None:
    done = Trial("cpu", 0.0)
    done.run(torch, 4)
    assert "too little" in done.error
    assert (done.rounds, done.tested_bytes) == (0, 0)


def test_a_device_that_is_not_there_is_the_trials_own_error() -> None:
    done = Trial("cuda:99", 0.0)
    done.run(torch, BYTES)
    assert done.error
    assert done.rounds == 0
