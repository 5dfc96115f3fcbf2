"""Can extensions of torch be built with the CUDA compiler that is here?"""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.facts import Found, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.remedies.python_packages import installer_for
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said

_TOOLKITS = "https://developer.nvidia.com/cuda-toolkit-archive"


@rule(
    "nvcc-torch-cuda-mismatch",
    group="toolkit",
    needs=("host", "python", "torch", "toolkit", "environment"),
    link="https://pytorch.org/docs/stable/cpp_extension.html",
)
def nvcc_torch_cuda_mismatch(rig: Rig) -> Iterator[Judgement]:
    """The CUDA compiler is of another major than torch's CUDA, so extensions cannot be built.

    A wheel brings the CUDA it runs with and needs no nvcc: one that is absent or different is no
    fault by itself. It counts where an extension is built here: torch refuses another major, and
    allows another minor with a warning.
    """
    nvcc, cuda = rig.toolkit.nvcc_version, rig.torch.cuda_built_version
    complaints = met(rig, "nvcc-mismatch")
    evidence = (
        *map(said, complaints),
        told("nvcc", nvcc),
        told("CUDA torch was built with", cuda),
        told("being built", rig.toolkit.building),
    )
    if complaints:
        yield _cannot_build(rig, evidence)
    elif is_known_absent(nvcc):
        yield skipped("no nvcc here, and a wheel needs none", told("nvcc", nvcc))
    elif not isinstance(nvcc, Found) or not isinstance(cuda, Found):
        yield skipped("nvcc and torch's CUDA could not be compared", *evidence)
    elif versions.release(nvcc.value)[0] == versions.release(cuda.value)[0]:
        yield passed(
            f"nvcc {nvcc.value} builds extensions for torch's CUDA {cuda.value}", *evidence
        )
    elif _builds(rig):
        yield _cannot_build(rig, evidence)
    else:
        yield passed(
            f"nvcc {nvcc.value} would not build extensions for torch's CUDA {cuda.value}; "
            "torch itself does not use it",
            *evidence,
        )


def _builds(rig: Rig) -> bool:
    facts = (rig.toolkit.building, rig.environment.torch_cuda_arch_list)
    return any(isinstance(fact, Found) for fact in facts)


def _cannot_build(rig: Rig, evidence: tuple[Evidence, ...]) -> Judgement:
    nvcc, cuda = value_of(rig.toolkit.nvcc_version), value_of(rig.torch.cuda_built_version)
    compiler = f"nvcc {nvcc}" if nvcc else "the CUDA compiler here"
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{compiler} cannot build extensions for torch's CUDA{f' {cuda}' if cuda else ''}",
        evidence=evidence,
        remedy=_fitting_toolkit(rig, cuda),
    )


def _fitting_toolkit(rig: Rig, cuda: str | None) -> Remedy:
    if cuda is None:
        return Remedy(
            text="Build with the nvcc of the CUDA toolkit that torch was built with "
            f"(torch.version.cuda; toolkits: {_TOOLKITS}), or install an extension's ready wheel",
            commands=(f"{installer_for(rig).python} -c 'import torch; print(torch.version.cuda)'",),
        )
    minor = versions.minor(cuda)
    copies = value_of(rig.toolkit.cuda_copies) or ()
    there = next((c.path for c in copies if minor in c.path), f"/usr/local/cuda-{minor}")
    return Remedy(
        text=f"Build with the nvcc of the CUDA toolkit {minor}, beside the one that is there "
        f"({_TOOLKITS}; the toolkit alone, not its driver), or install a ready wheel of the "
        f"extension for CUDA {minor}",
        commands=(f"export CUDA_HOME={there}", 'export PATH="$CUDA_HOME/bin:$PATH"'),
        verify="nvcc --version && rigcheck check --only toolkit",
    )
