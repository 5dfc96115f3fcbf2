"""What the options of the command line ask for."""

import argparse

from rigcheck.errors import UsageError
from rigcheck.interpreters import chosen_pythons
from rigcheck.probes.probe import ProbeContext
from rigcheck.user_data import user_data_dir

_MNIST_FILES = 4


def probe_context(options: argparse.Namespace) -> ProbeContext:
    """What is asked about.

    Raises:
        UsageError: for an interpreter or a data directory that is not there, or for more than one
            interpreter.
    """
    pythons = getattr(options, "python", None) or []
    if len(pythons) > 1:
        raise UsageError(
            "this command takes one --python",
            hint="`rigcheck check` takes several; run this one once for each",
        )
    return probe_contexts(options)[0]


def probe_contexts(options: argparse.Namespace) -> tuple[ProbeContext, ...]:
    """What is asked about, one for each interpreter that is named, or for the default one.

    Raises:
        UsageError: for an interpreter or a data directory that is not there.
    """
    return contexts_of(chosen_pythons(getattr(options, "python", None) or ()), options)


def contexts_of(pythons: tuple[str, ...], options: argparse.Namespace) -> tuple[ProbeContext, ...]:
    """What is asked about, one for each of these interpreters.

    Raises:
        UsageError: for a data directory that is not there.
    """
    data_dir = getattr(options, "data_dir", None)
    if data_dir is not None and not data_dir.is_dir() and not getattr(options, "download", False):
        raise UsageError(
            f"no such directory: {data_dir}", hint="leave --data-dir out for the built-in digits"
        )
    return tuple(
        ProbeContext(
            python=python,
            data_dir=data_dir or user_data_dir() / "mnist",
            nvml_library=getattr(options, "nvml_library", None),
            compile=getattr(options, "compile", False),
            vram_test=getattr(options, "vram_test", False),
        )
        for python in pythons
    )
