"""Is torch there, and can it be imported?"""

from collections.abc import Iterator

from rigcheck.facts import Absent, Failed, Found, Reason, Rig, is_known_absent, value_of
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
    follows=("cpu-lacks-instructions",),
    link="https://github.com/pytorch/pytorch/issues?q=is%3Aissue+import+torch",
)
def torch_import_fails(rig: Rig) -> Iterator[Judgement]:
    """PyTorch is installed, but `import torch` fails, crashes or does not end.

    It is imported in a process of its own, which may die of a signal or hang without harm. The
    words of the error tell what to mend: a library missing from the wheel's set, a foreign CUDA
    library found first, a C library that is too old, an instruction the CPU does not have.
    """
    installed, version = rig.torch.installed_version, rig.torch.version
    if isinstance(version, Found):
        yield passed(f"torch {version.value} can be imported", told("torch", version))
    elif not isinstance(installed, Found):
        yield skipped("torch is not known to be installed", told("torch", installed))
    elif version == Absent(Reason.NOT_ASKED, ""):
        yield unknown(
            "whether torch can be imported was not asked",
            told("torch", installed),
            tells="Importing it tells",
            commands=(f"{installer_for(rig).python} -c 'import torch'",),
        )
    else:
        reason = one_line(version.error if isinstance(version, Failed) else version.detail)
        is_sigill = "SIGILL" in reason
        yield Judgement(
            verdict=Verdict.FAIL,
            headline=f"torch {installed.value} is installed but cannot be imported: {reason}",
            evidence=(told("torch, from its metadata", installed), told("import torch", version)),
            remedy=reinstall_torch(rig, installed.value, reason),
            # Only a death by an unknown instruction is the CPU's doing.
            follows=("cpu-lacks-instructions",) if is_sigill else (),
        )
