"""Have the extensions of torch code for the GPUs that are there?"""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.facts import Extension, Found, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import extensions
from rigcheck.rules.evidence import from_table, passed, skipped, told
from rigcheck.rules.gpu_code import best_code
from rigcheck.rules.gpus import KnownGpu, known_gpus
from rigcheck.rules.grounds import without_reachable_gpu
from rigcheck.rules.remedies.python_packages import installer_for, verify_with
from rigcheck.rules.remedies.wheel_install import list_of
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said
from rigcheck.rules.wheels import code_in_wheel

_PARTS = ("host", "pci", "driver", "nvml", "python", "torch", "frameworks")
_UNNAMED = "an extension"
_FROM_SOURCE = "--no-build-isolation --no-cache-dir --force-reinstall --no-deps"


@rule(
    "extension-built-for-other-arch",
    group="frameworks",
    needs=_PARTS,
    follows=("gpu-too-old", "gpu-arch-not-in-wheel"),
    link="https://pytorch.org/docs/stable/cpp_extension.html#torch.utils.cpp_extension.CUDAExtension",
)
def extension_built_for_other_arch(rig: Rig) -> Iterator[Judgement]:
    """An extension of torch (vLLM, detectron2, flash-attn) has no code for a GPU that torch serves.

    Each extension brings GPU code of its own: what was built on a machine with another GPU, or for
    newer ones only, ends in `no kernel image is available` though torch itself works. The code in
    an extension is held against the GPUs where it is known, else the least GPU that its makers
    name; and where the error was met though torch has code for every GPU, it is an extension's.
    """
    nothing = without_reachable_gpu(rig)
    if nothing is not None:
        yield nothing
        return
    judgements = [*_by_code(rig), *_by_floor(rig)]
    if not judgements and (unnamed := _unnamed(rig)) is not None:
        judgements = [unnamed]
    yield from judgements
    if not judgements:
        yield _none_wrong(rig)


def _none_wrong(rig: Rig) -> Judgement:
    found = rig.frameworks.extensions
    if isinstance(found, Found) and found.value:
        return passed("the extensions of torch have code for the GPUs", told("GPUs", _names(rig)))
    return skipped("no extension of torch with GPU code is known here")


def _names(rig: Rig) -> Found[str]:
    return Found(list_of(known_gpus(rig)), rig.nvml.gpus.source)


def _by_code(rig: Rig) -> Iterator[Judgement]:
    for extension in value_of(rig.frameworks.extensions) or ():
        codes = value_of(extension.arch_list)
        if codes:
            lacking = tuple(g for g in _gpus(rig) if not _runs(codes, g, extension))
            if lacking:
                evidence = told(f"code in {extension.name}", extension.arch_list)
                yield _lacks(rig, extension.name, lacking, evidence)


def _gpus(rig: Rig) -> tuple[KnownGpu, ...]:
    return tuple(g for g in known_gpus(rig) if value_of(g.compute_capability) and not g.is_hidden)


def _runs(codes: tuple[str, ...], gpu: KnownGpu, extension: Extension) -> bool:
    capability = value_of(gpu.compute_capability) or ""
    return best_code(codes, capability, value_of(extension.cuda_built_version)) is not None


def _by_floor(rig: Rig) -> Iterator[Judgement]:
    told_of = {e.name for e in value_of(rig.frameworks.extensions) or () if value_of(e.arch_list)}
    installed = {d.name: d.version for d in value_of(rig.python.distributions) or ()}
    for name in sorted(installed.keys() - told_of):
        row = extensions.floor_of(name)
        if row is None:
            continue
        lacking = tuple(
            g
            for g in _gpus(rig)
            if not versions.at_least(value_of(g.compute_capability) or "0", row.capability_min)
        )
        if lacking:
            text = f"{row.title} has code for compute capability {row.capability_min} and newer"
            yield _lacks(rig, name, lacking, from_table(text, row))


def _unnamed(rig: Rig) -> Judgement | None:
    """The error was met, and it is not torch's: it has code for all of its GPUs."""
    seen, code, gpus = met(rig, "no-kernel-image"), code_in_wheel(rig), _gpus(rig)
    if not seen or code is None or not gpus:
        return None
    codes, evidence = code
    cuda = value_of(rig.torch.cuda_built_version)
    capabilities = [value_of(gpu.compute_capability) or "" for gpu in gpus]
    if not all(best_code(codes, capability, cuda) for capability in capabilities):
        return None
    return _lacks(rig, _UNNAMED, gpus, *map(said, seen), evidence)


def _lacks(rig: Rig, name: str, gpus: tuple[KnownGpu, ...], *evidence: Evidence) -> Judgement:
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"{name} was built without code for {list_of(gpus)}",
        evidence=(told("GPUs", _names(rig)), *evidence),
        remedy=_rebuild(rig, name, gpus),
        subject=name,
    )


def _rebuild(rig: Rig, name: str, gpus: tuple[KnownGpu, ...]) -> Remedy:
    installer = installer_for(rig)
    wanted = sorted({value_of(g.compute_capability) or "" for g in gpus}, key=versions.release)
    row = extensions.floor_of(name)
    floor = (
        f" Its kernels are written for {row.capability_min} and newer: {row.advice}." if row else ""
    )
    package = name if name != "an extension" else "PACKAGE"
    archs = ";".join(wanted)
    return Remedy(
        text=f"Rebuild {name} from source for these GPUs (TORCH_CUDA_ARCH_LIST names them), with "
        f"the CUDA toolkit of torch's CUDA.{floor}",
        commands=(
            f'export TORCH_CUDA_ARCH_LIST="{archs}"',
            f"{installer.python} -m pip install {_FROM_SOURCE} --no-binary {package} {package}",
        ),
        verify=verify_with(installer, "frameworks", "torch"),
    )
