"""Are the driver's kernel module and its libraries of one version?"""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.facts import Fact, Found, Rig, is_known_absent
from rigcheck.findings import Verdict
from rigcheck.rules.evidence import passed, skipped, told, unknown
from rigcheck.rules.gpus import nvml_says
from rigcheck.rules.grounds import without_gpu
from rigcheck.rules.remedies.kernel_module import restart_or_reload
from rigcheck.rules.rule import Judgement, rule


@rule(
    "driver-library-mismatch",
    group="driver",
    needs=("host", "pci", "driver", "nvml"),
    link="https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceEnumvs.html",
)
def driver_library_mismatch(rig: Rig) -> Iterator[Judgement]:
    """The loaded kernel module and the user-space libraries are of different versions.

    It happens when an update replaces the files and the old module stays in memory until the next
    start: every CUDA and NVML call is refused (NVML error 18). Both versions are read without the
    driver. If the driver answers all the same, it is no mismatch.
    """
    module, library = rig.driver.module_version, rig.driver.library_version
    refusal = nvml_says(rig, "version mismatch")
    both = (told("loaded module", module), told("libraries", library))
    if refusal is not None:
        yield _mismatch(rig, refusal)
    elif isinstance(rig.nvml.driver_version, Found):
        version = rig.nvml.driver_version.value
        yield passed(f"driver {version} answers: module and libraries agree", *both)
    elif not isinstance(module, Found) or not isinstance(library, Found):
        yield without_gpu(rig) or _one_half_missing(module, library)
    elif versions.release(module.value) == versions.release(library.value):
        yield passed(f"module and libraries are both of driver {module.value}", *both)
    else:
        yield _mismatch(rig, rig.nvml.driver_version)


def _one_half_missing(module: Fact[str], library: Fact[str]) -> Judgement:
    evidence = (told("loaded module", module), told("libraries", library))
    if is_known_absent(module):
        return skipped("no NVIDIA kernel module is loaded", *evidence)
    if is_known_absent(library):
        return skipped("no NVIDIA driver library is installed here", *evidence)
    return unknown(
        "the versions of module and libraries could not be compared",
        *evidence,
        tells="The driver's own files and its tool tell them",
        commands=("cat /proc/driver/nvidia/version", "nvidia-smi"),
    )


def _mismatch(rig: Rig, refusal: Fact[str]) -> Judgement:
    module, library = rig.driver.module_version, rig.driver.library_version
    which = ""
    if isinstance(module, Found) and isinstance(library, Found):
        which = f": module {module.value}, libraries {library.value}"
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"the driver's module and libraries are of different versions{which}",
        evidence=(
            told("loaded module", module),
            told("libraries", library),
            told("module on disk", rig.driver.module_on_disk_version),
            told("NVML", refusal),
        ),
        remedy=restart_or_reload(rig),
    )
