"""Whether the CPU suffices, and how fast it is."""

from rigcheck.counsel.cpu import cpu
from rigcheck.facts import Cpu
from rigcheck.knowledge.cpu_levels import cpu_levels
from tests.counsel.words import words_of
from tests.rules.rigs import PILEDRIVER_FLAGS, found, rtx_4090

BASE = ("cmov", "cx8", "fpu", "fxsr", "mmx", "syscall", "sse")


def told(*flags: str, model: str = "AMD Athlon(tm) X4 750K") -> str:
    return words_of(cpu(rtx_4090(cpu=Cpu(model=found(model), flags=found(flags)))))


def test_an_athlon_of_2012_runs_everything_and_slowly() -> None:
    words = told(*BASE, *PILEDRIVER_FLAGS)
    assert (
        "has the instructions that the wheels of NumPy, PyTorch, TensorFlow and JAX need" in words
    )
    assert "AMD Athlon(tm) X4 750K is of level x86-64-v2, without avx2" in words


def test_a_cpu_of_level_3_is_not_called_slow() -> None:
    flags = tuple(flag for level in cpu_levels().level[:3] for flag in level.adds)
    words = told(*BASE, *flags)
    assert "x86-64-v3" in words
    assert "slower" not in words


def test_flags_that_are_not_all_told_give_no_level() -> None:
    assert "level" not in told("avx", "avx2")
