"""Is the driver new enough for the CUDA that torch was built with?"""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.facts import Fact, Failed, Found, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import cuda_driver, gpu_specs
from rigcheck.rules.driver_branch import gets_no_more_fixes
from rigcheck.rules.evidence import from_table, passed, skipped, told, unknown
from rigcheck.rules.gpus import driver_is_missing, driver_version, known_gpus
from rigcheck.rules.grounds import without_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.driver_choice import driver_for, install_driver
from rigcheck.rules.remedies.torch_install import install_cuda_torch
from rigcheck.rules.rule import Judgement, rule


@rule(
    "driver-too-old",
    group="driver",
    needs=("host", "pci", "driver", "nvml", "python", "torch"),
    follows=("gpu-arch-not-in-wheel",),
    link="https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html",
)
def driver_too_old(rig: Rig) -> Iterator[Judgement]:
    """The driver is older than the oldest that runs programs of torch's CUDA.

    From CUDA 11 on that floor holds for a whole major (minor-version compatibility), so a driver
    for CUDA 12.2 runs a wheel for CUDA 12.8. Neither the driver that the toolkit came with nor the
    "CUDA version" that nvidia-smi prints is a limit. If torch's CUDA starts, no table counts; if
    torch itself says that the driver is too old, none is needed.
    """
    cuda, works = rig.torch.cuda_built_version, rig.torch.cuda_available
    complaint = _complaint(works)
    if complaint is not None:
        yield _too_old(rig, value_of(cuda), complaint)
    elif not isinstance(cuda, Found):
        yield _without_cuda_torch(rig)
    elif value_of(works):
        yield passed(
            f"CUDA {cuda.value} of torch starts on this driver",
            told("driver", driver_version(rig)),
            told("CUDA works in torch", works),
        )
    else:
        yield without_gpu(rig) or _by_table(rig, cuda.value)


def _complaint(works: Fact[bool]) -> Evidence | None:
    """What torch says itself: `… driver on your system is too old (found version 12020)`."""
    if isinstance(works, Failed) and "driver on your system is too old" in works.error:
        return told("torch", works)
    return None


def _without_cuda_torch(rig: Rig) -> Judgement:
    built = rig.torch.cuda_built_version
    if isinstance(built, Failed):
        return unknown(
            "which CUDA torch needs could not be told",
            told("CUDA torch was built with", built),
            tells="torch tells it once it can be imported",
        )
    return skipped("no torch built for CUDA", told("CUDA torch was built with", built))


def _by_table(rig: Rig, cuda: str) -> Judgement:
    driver = driver_version(rig)
    floor = cuda_driver.floor_of(cuda)
    if driver_is_missing(rig):
        return skipped("no NVIDIA driver runs", told("loaded module", rig.driver.module_version))
    if not isinstance(driver, Found):
        return unknown(
            "the driver's version could not be told",
            told("driver", driver),
            tells="The driver's own tool tells it",
            commands=("nvidia-smi --query-gpu=driver_version --format=csv",),
        )
    if floor is None:
        return unknown(
            f"CUDA {cuda} is not in rigcheck's tables",
            told("driver", driver),
            tells="A first step on the GPU tells whether this driver runs it: rigcheck bench",
        )
    if versions.at_least(driver.value, _oldest(rig, floor)):
        return passed(
            f"driver {driver.value} runs CUDA {cuda} of torch",
            told("driver", driver),
            _floor_evidence(rig, cuda, floor),
            *_minor_version_evidence(rig, cuda, driver.value),
        )
    return _too_old(rig, cuda, told("driver", driver))


def _too_old(rig: Rig, cuda: str | None, seen: Evidence) -> Judgement:
    driver = value_of(driver_version(rig)) or value_of(rig.driver.library_version)
    named = f"driver {driver}" if driver else "the NVIDIA driver"
    floor = cuda_driver.floor_of(cuda) if cuda else None
    wheel = rig.torch.known_version or ""
    its_cuda = f"CUDA {cuda}, which torch {wheel} was built with" if cuda else f"torch {wheel}"
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"{named} is too old for {its_cuda}".rstrip(),
        evidence=(
            seen,
            told("CUDA torch was built with", rig.torch.cuda_built_version),
            *([_floor_evidence(rig, cuda, floor)] if cuda and floor else []),
        ),
        remedy=_two_ways(rig, _oldest(rig, floor) if floor else None),
    )


def _two_ways(rig: Rig, oldest: str | None) -> Remedy:
    """An older wheel, which touches one environment only, and told beside it a newer driver."""
    if value_of(driver_version(rig)) is None and value_of(rig.driver.library_version) is None:
        wanted = f" ({oldest} or newer)" if oldest else ""
        return Remedy(
            text=f"Install a torch that was built for an older CUDA, or a newer driver{wanted}"
        )
    wheel = install_cuda_torch(rig)
    better = "Better, as this one gets no more fixes," if gets_no_more_fixes(rig) else "Or"
    return Remedy(
        text=f"{wheel.text}. {better} keep this torch and take a newer driver: "
        f"{_newer(rig, oldest)}{_forward(rig)}",
        commands=wheel.commands,
        verify=wheel.verify,
    )


def _forward(rig: Rig) -> str:
    """Forward compatibility, which NVIDIA gives to data-centre GPUs alone.

    Source: https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html
    """
    cuda = value_of(rig.torch.cuda_built_version)
    specs = [gpu_specs.specs_of(value_of(gpu.name) or "") for gpu in known_gpus(rig)]
    if not cuda or place_of(rig) is not Place.HOST or not specs:
        return ""
    if not all(rows and rows[0].kind == "dc" for rows in specs):
        return ""
    package = f"cuda-compat-{versions.minor(cuda).replace('.', '-')}"
    return (
        f". On data-centre GPUs as these, the package {package} from NVIDIA's repository, put in "
        "LD_LIBRARY_PATH, may lift this driver to that CUDA without replacing it"
    )


def _newer(rig: Rig, oldest: str | None) -> str:
    gpus = known_gpus(rig)
    wanted = f"{oldest} or newer" if oldest else "a newer one"
    if place_of(rig) is not Place.HOST:
        return f"{wanted}. {install_driver(rig, gpus).text}"
    choice = driver_for(rig, gpus, at_least=oldest or "0")
    if choice is None:
        return f"{wanted}, if there is one for these GPUs: {install_driver(rig, gpus).text}"
    how = f": {' && '.join(choice.commands)}" if choice.commands else ""
    return f"{wanted}, as {choice.text}{how}"


def _oldest(rig: Rig, floor: cuda_driver.Floor) -> str:
    windows = place_of(rig) is Place.WSL or value_of(rig.host.system) == "Windows"
    return floor.driver_windows if windows else floor.driver_linux


def _minor_version_evidence(rig: Rig, cuda: str, driver: str) -> tuple[Evidence, ...]:
    """Where the driver is older than the toolkit's own: what that costs."""
    toolkit = cuda_driver.toolkit_of(cuda)
    windows = place_of(rig) is Place.WSL or value_of(rig.host.system) == "Windows"
    if toolkit is None:
        return ()
    own = toolkit.driver_windows if windows else toolkit.driver_linux
    if not own or versions.at_least(driver, own):
        return ()
    text = f"CUDA {toolkit.cuda} came with driver {own}; older ones run it without its PTX"
    return (from_table(text, toolkit),)


def _floor_evidence(rig: Rig, cuda: str, floor: cuda_driver.Floor) -> Evidence:
    family = f"{floor.cuda}.x" if "." not in floor.cuda else floor.cuda
    return from_table(
        f"CUDA {cuda} needs driver {_oldest(rig, floor)} or newer (floor of CUDA {family})", floor
    )
