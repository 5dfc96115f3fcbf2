"""The frameworks' own compilers, tried on demand."""

import msgspec

from rigcheck.facts.fact import NOT_ASKED, Fact, Part
from rigcheck.facts.frameworks import Stage


class CompileTrial(msgspec.Struct, frozen=True, kw_only=True):
    """How a framework's own compiler went, device after device."""

    framework: str
    """As pip knows it: `torch`, `numba`, `pytensor`."""
    stages: tuple[Stage, ...]
    """Its import, then a small function on each device: the time is that of the first call, in
    which it is compiled."""


class Compile(Part, frozen=True, kw_only=True):
    """The frameworks' compilers, tried only where it is asked for."""

    trials: Fact[tuple[CompileTrial, ...]] = NOT_ASKED
    """Of torch.compile, Numba and PyTensor, those that are installed."""
    compiler: Fact[str] = NOT_ASKED
    """The C++ compiler that they find: `/usr/bin/g++: g++ (Debian 12.2.0-14) 12.2.0`."""
    python_header: Fact[str] = NOT_ASKED
    """Path of Python.h."""
    triton_version: Fact[str] = NOT_ASKED
    """Of the package that torch.compile makes code for GPUs with."""
