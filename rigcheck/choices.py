"""What the options of the command line ask for."""

import argparse

import platformdirs

from rigcheck.bench.devices import bench_devices, choose_devices, priced
from rigcheck.bench.plan import DEFAULT_TIERS, DEFAULT_TRAINING_S, BenchPlan
from rigcheck.bench.tier import Tier
from rigcheck.errors import ExitCode, RigcheckError, UsageError
from rigcheck.facts import Rig, value_of
from rigcheck.interpreters import default_python, find_python
from rigcheck.probes.probe import ProbeContext
from rigcheck.target.mnist import find_files

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
        vram_test=getattr(options, "vram_test", False),
    )


def bench_plan(options: argparse.Namespace, context: ProbeContext, rig: Rig) -> BenchPlan:
    """The benchmark that is asked for.

    Raises:
        UsageError: for a device that is not there.
        RigcheckError: if the interpreter has no torch that works.
    """
    if value_of(rig.torch.version) is None:
        raise RigcheckError(
            f"no torch that works in {context.python}, so nothing can be trained",
            hint=f"rigcheck check --only torch --python {context.python} says why and what to do",
            exit_code=ExitCode.FINDINGS,
        )
    download = getattr(options, "download", False)
    is_full = getattr(options, "full", False)
    # Without --data-dir: what an earlier --download fetched whole, else the built-in digits.
    is_asked_for = download or getattr(options, "data_dir", None) is not None
    has_data = is_asked_for or len(find_files(context.data_dir)) == _MNIST_FILES
    return BenchPlan(
        python=context.python,
        devices=priced(
            choose_devices(bench_devices(rig), getattr(options, "device", None) or ()),
            getattr(options, "price", None) or (),
        ),
        tiers=tuple(Tier) if is_full else DEFAULT_TIERS,
        is_full=is_full,
        training_s=getattr(options, "seconds", DEFAULT_TRAINING_S),
        epochs=getattr(options, "epochs", None),
        data_dir=context.data_dir if has_data else None,
        download=download,
        threads=getattr(options, "threads", None),
        nvml_library=context.nvml_library,
    )
