"""Is torch there, and can it be imported?"""

from collections.abc import Iterator

from rigcheck.facts import Absent, Fact, Failed, Found, Reason, Rig, is_known_absent, value_of
from rigcheck.findings import Verdict
from rigcheck.rules.evidence import one_line, passed, skipped, told, unknown
from rigcheck.rules.remedies.python_packages import installer_for
from rigcheck.rules.remedies.torch_install import install_fitting_torch
from rigcheck.rules.remedies.torch_reinstall import reinstall_torch
from rigcheck.rules.rule import Judgement, rule


@rule(
    "torch-missing",
    group="torch",
    needs=("host", "pci", "driver", "nvml", "python", "torch"),
    follows=("python-without-wheels",),
    link="https://pytorch.org/get-started/locally/",
)
def torch_missing(rig: Rig) -> Iterator[Judgement]:
    """PyTorch is not installed in the interpreter that is checked.

    Its metadata is looked up and its import tried there. The wheel to install is the newest that
    serves all GPUs, the driver, this Python and this C library, which is rarely what plain
    `pip install torch` brings to an older GPU.
    """
    installed, version = rig.torch.installed_version, rig.torch.version
    python = value_of(rig.python.executable) or "this interpreter"
    if isinstance(installed, Found):
        yield passed(f"torch {installed.value} is installed", told("torch", installed))
    elif isinstance(version, Found):
        yield passed(f"torch {version.value} can be imported", told("torch", version))
    elif is_known_absent(installed):
        yield Judgement(
            verdict=Verdict.FAIL,
            headline=f"torch is not installed in {python}",
            evidence=(told("torch", installed), told("Python", rig.python.version)),
            remedy=install_fitting_torch(rig),
        )
    else:
        yield unknown(
            "whether torch is installed could not be told",
            told("torch", installed),
            told("Python", rig.python.version),
            tells="The interpreter tells it, once it runs",
            commands=(f"{installer_for(rig).python} -m pip show torch",),
        )


@rule(
    "torch-import-fails",
    group="torch",
    needs=("host", "pci", "driver", "nvml", "python", "torch"),
    follows=(
        "cpu-lacks-instructions",
        "glibc-too-old",
        "cuda-libs-from-ld-library-path",
        "numpy2-abi",
        "disk-too-full",
    ),
    link="https://github.com/pytorch/pytorch/issues?q=is%3Aissue+import+torch",
)
def torch_import_fails(rig: Rig) -> Iterator[Judgement]:
    """PyTorch is installed, but `import torch` fails.

    It is imported in a process of its own, which may die of a signal or hang without harm. The
    words of the error tell what to mend: a library missing from the wheel's set, a foreign CUDA
    library found first, a C library that is too old, an instruction the CPU does not have.
    """
    installed, version = rig.torch.installed_version, rig.torch.version
    if isinstance(version, Found):
        yield passed(f"torch {version.value} can be imported", told("torch", version))
    elif not isinstance(installed, Found):
        yield skipped("torch is not known to be installed", told("torch", installed))
    elif (died := _how_it_died(version)) is not None:
        yield skipped(f"the import of torch {died}", told("import torch", version))
    elif version == Absent(Reason.NOT_ASKED, ""):
        yield unknown(
            "whether torch can be imported was not asked",
            told("torch", installed),
            tells="Importing it tells",
            commands=(f"{installer_for(rig).python} -c 'import torch'",),
        )
    else:
        reason = one_line(version.error if isinstance(version, Failed) else version.detail)
        yield Judgement(
            verdict=Verdict.FAIL,
            headline=f"torch {installed.value} is installed but cannot be imported: {reason}",
            evidence=(told("torch, from its metadata", installed), told("import torch", version)),
            remedy=reinstall_torch(rig, installed.value, reason),
            follows=_causes_of(reason),
        )


def _causes_of(reason: str) -> tuple[str, ...]:
    """Of which bad state an import can be a consequence that ended with these words."""
    pairs = (
        ("SIGILL", "cpu-lacks-instructions"),
        ("GLIBC_", "glibc-too-old"),
        ("undefined symbol", "cuda-libs-from-ld-library-path"),
        ("numpy", "numpy2-abi"),
        ("SIGBUS", "disk-too-full"),
        ("No space left", "disk-too-full"),
        ("SIGKILL", "memory-too-small"),
    )
    return tuple(cause for words, cause in pairs if words.lower() in reason.lower())


def _how_it_died(version: Fact[str]) -> str | None:
    """`crashes` or `hangs`, where the process gave no error of Python's; else None."""
    if not isinstance(version, Failed):
        return None
    if version.error.startswith("died of "):
        return "crashes"
    return "hangs" if version.error.startswith("no answer within ") else None


@rule(
    "torch-import-crashes",
    group="torch",
    needs=("host", "pci", "driver", "nvml", "python", "torch"),
    follows=("cpu-lacks-instructions", "memory-too-small", "disk-too-full"),
    link="https://man7.org/linux/man-pages/man7/signal.7.html",
)
def torch_import_crashes(rig: Rig) -> Iterator[Judgement]:
    """The process that imports PyTorch is killed by a signal: it says nothing and is gone.

    The signal tells the kind: SIGILL is an instruction that the CPU does not have, SIGKILL mostly
    the kernel out of memory, SIGBUS a file that could not be read, SIGSEGV libraries that do not
    fit together.
    """
    yield from _died(rig, "crashes")


@rule(
    "torch-import-hangs",
    group="torch",
    needs=("host", "pci", "driver", "nvml", "python", "torch"),
    link="https://github.com/pytorch/pytorch/issues?q=is%3Aissue+import+torch+hangs",
)
def torch_import_hangs(rig: Rig) -> Iterator[Judgement]:
    """The import of PyTorch, or its first word with the driver, does not come to an end.

    It is given two minutes, which an old disk needs at the first start. What it told before it
    hung is kept, so that a driver that does not answer is told from a disk that does not.
    """
    yield from _died(rig, "hangs")


def _died(rig: Rig, how: str) -> Iterator[Judgement]:
    installed, version = rig.torch.installed_version, rig.torch.version
    is_it = isinstance(installed, Found) and _how_it_died(version) == how
    if not is_it or not isinstance(version, Failed):
        kept = isinstance(version, Found)
        headline = f"the import of torch {'works' if kept else 'does not end this way'}"
        yield (passed if kept else skipped)(headline, told("import torch", version))
        return
    reason = one_line(version.error)
    named = value_of(installed) or ""
    yield Judgement(
        verdict=Verdict.FAIL,
        headline=f"importing torch {named} {how}: {reason}",
        evidence=(told("torch, from its metadata", installed), told("import torch", version)),
        remedy=reinstall_torch(rig, named, reason),
        follows=_causes_of(reason),
    )
