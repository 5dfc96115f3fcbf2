"""What the options of the command line ask for."""

import argparse

import platformdirs

from rigcheck.errors import UsageError
from rigcheck.interpreters import default_python, find_python
from rigcheck.probes.probe import ProbeContext

_MNIST_FILES = 4


def probe_context(options: argparse.Namespace) -> ProbeContext:
    """What is asked about.

    Raises:
        UsageError: for an interpreter or a data directory that is not there.
    """
    python = getattr(options, "python", None)
    data_dir = getattr(options, "data_dir", None)
    if data_dir is not None and not data_dir.is_dir() and not getattr(options, "download", False):
        raise UsageError(
            f"no such directory: {data_dir}", hint="leave --data-dir out for the built-in digits"
        )
    return ProbeContext(
        python=find_python(python) if python else default_python(),
        data_dir=data_dir or platformdirs.user_data_path("rigcheck") / "mnist",
        nvml_library=getattr(options, "nvml_library", None),
    )
