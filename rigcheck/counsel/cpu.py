"""Whether the CPU suffices for the libraries."""

from collections.abc import Iterator

from rigcheck.advice import Counsel
from rigcheck.facts import Rig, value_of
from rigcheck.knowledge import cpu_needs
from rigcheck.knowledge.cpu_levels import cpu_levels
from rigcheck.rules.places import platform_of

_TOPIC = "CPU"
_ADVISED = ("numpy", "torch", "tensorflow", "jaxlib")
_FAST_LEVEL = 3
"""x86-64-v3 has AVX2 and FMA, which the fast kernels of matrix libraries are written for."""


def cpu(rig: Rig) -> Iterator[Counsel]:
    """Whether it has the instructions of the newest wheels of each library, and how fast it is."""
    flags = value_of(rig.cpu.flags)
    if flags is None or platform_of(rig) != "x86_64":
        return
    yield from _lacking(rig, set(flags))
    yield from _level(rig, set(flags))


def _lacking(rig: Rig, flags: set[str]) -> Iterator[Counsel]:
    lacking = [need for need in _needs() if not set(need.flags) <= flags]
    for need in lacking:
        way = f"install {need.fix}" if need.fix else need.advice or "no wheel does without"
        yield Counsel(
            topic=_TOPIC,
            text=f"{need.title} needs {need.what}, which this CPU lacks: {need.effect}; {way}",
            sources=(need.source, rig.cpu.flags.source),
        )
    if not lacking:
        yield Counsel(
            topic=_TOPIC,
            text="It has the instructions that the wheels of NumPy, PyTorch, TensorFlow and JAX "
            "need",
            sources=(rig.cpu.flags.source,),
        )


def _needs() -> list[cpu_needs.Need]:
    rows = cpu_needs.table().need
    return [row for row in rows if row.package in _ADVISED and not row.below_version]


def _level(rig: Rig, flags: set[str]) -> Iterator[Counsel]:
    levels = cpu_levels()
    level = levels.level_of(flags)
    if level == 0:
        return  # every x86-64 has level 1: these flags are not all of them
    model = value_of(rig.cpu.model)
    text = f"{model or 'It'} is of level x86-64-v{level}"
    if level < _FAST_LEVEL:
        missing = " ".join(levels.missing_for(_FAST_LEVEL, flags))
        text += (
            f", without {missing}: torch and NumPy then compute with older, slower kernels on the "
            "CPU; work on the GPU does not suffer"
        )
    row = next(row for row in levels.level if row.number == _FAST_LEVEL)
    yield Counsel(topic=_TOPIC, text=text, sources=(rig.cpu.flags.source, row.source))
