"""Tracebacks and error messages: the symptoms in them, and the facts that their words hold."""

import re
from collections.abc import Callable
from typing import Any

from rigcheck.facts import (
    Absent,
    Driver,
    Fact,
    Failed,
    Found,
    Gpu,
    Nvml,
    PythonEnv,
    Reason,
    Rig,
    Symptom,
    Symptoms,
    Toolkit,
    Torch,
)
from rigcheck.ingest.merge import merge
from rigcheck.ingest.text import Text
from rigcheck.knowledge.symptoms import Met, symptoms_in

_XID_79 = re.compile(r"(?:NVRM: Xid[^\n]{0,60}: |\bXid:? ?)79\b", re.IGNORECASE)
_INSERTED = re.compile(r"insert (?:module )?['`\"]?([\w./-]{2,80})")
_FOUND_VERSION = re.compile(r"too old,? \(?found version (\d{4,5})\b")
_INSTALL_SUPPORTS = re.compile(
    r"PyTorch install supports CUDA capabilities ((?:(?:sm|compute)_\d{2,3}[af]?[ ,.]{0,2}){1,40})"
)
_INCOMPATIBLE = re.compile(
    r"(?P<name>[\w .()-]{3,60}?) with CUDA capability sm_(?P<capability>\d{2,3}) is not compatible"
)
_TOO_OLD = re.compile(
    r"Found GPU(?P<index>\d{1,2}) (?P<name>[\w .()-]{3,60}?) which is of "
    r"(?:cuda capability|compute capability \(CC\)) (?P<capability>\d{1,2}\.\d)"
)
_BUILD_MISMATCH = re.compile(
    r"detected CUDA version \((?P<nvcc>[\d.]{1,12})\) mismatches the version that was used to "
    r"compile\s+PyTorch \((?P<torch>[\d.]{1,12})\)"
)
_SITE = re.compile(r"[^\s\"']{0,150}/python(?P<version>3\.\d{1,2})/(?:site|dist)-packages/")
_NVML_LIBRARY = re.compile(r"NVML library version: (\d{3}\.\d+)")


def parse_messages(text: Text) -> Rig:
    """Symptoms, and what the messages tell of driver, torch and GPUs."""
    met = tuple(m for m in symptoms_in(text.content) if not _is_of_another_module(text, m))
    rigs = (
        Rig(symptoms=_symptoms(text, met)),
        *(_BY_SYMPTOM[m.name](m) for m in met if m.name in _BY_SYMPTOM),
        *(parse(text) for parse in _PARSERS),
    )
    return merge(rigs)


def _is_of_another_module(text: Text, met: Met) -> bool:
    """Secure Boot refuses any module that is not signed; only NVIDIA's is of interest here."""
    if met.name != "key-rejected":
        return False
    named = _INSERTED.search(met.text)
    return "nvidia" not in (named[1] if named else text.content).lower()


def _symptoms(text: Text, met: tuple[Met, ...]) -> Symptoms:
    seen = [Symptom(name=m.name, text=m.text, source=_line(m)) for m in met]
    if not any(m.name == "fell-off-bus" for m in met) and (match := _XID_79.search(text.content)):
        source = text.source(*match.span())
        seen.append(Symptom(name="fell-off-bus", text=match.group(), source=source))
    if not seen:
        return Symptoms()
    return Symptoms(seen=Found(tuple(seen), seen[0].source))


def _line(met: Met) -> str:
    """Where the words stand of which the fact itself is made, so that they need no quoting."""
    return f"line {met.line} of the text"


def _source(met: Met) -> str:
    short = met.text if len(met.text) <= 120 else met.text[:119] + "…"  # noqa: PLR2004 -- a line
    return f"{_line(met)}: '{short}'"


def _driver_too_old(met: Met) -> Rig:
    if not any(words in met.text for words in ("PyTorch", "torch:", "your system is too old")):
        return Rig()
    return Rig(torch=Torch(cuda_available=Failed(met.text, _line(met))))


def _unknown_error(met: Met) -> Rig:
    return Rig(torch=Torch(cuda_available=Failed(met.text, _line(met))))


def _library_mismatch(met: Met) -> Rig:
    failed = Failed("Driver/library version mismatch", _source(met))
    return Rig(nvml=Nvml(driver_version=failed, gpus=failed))


def _driver_silent(met: Met) -> Rig:
    """NVML's error 9: the library is there, the module is not loaded."""
    absent = Absent(Reason.NOT_THERE, _source(met), "Driver Not Loaded")
    return Rig(driver=Driver(module_version=absent), nvml=Nvml(driver_version=absent))


def _no_devices(met: Met) -> Rig:
    return Rig(nvml=Nvml(gpus=Found((), _source(met))))


def _vision_fails(met: Met) -> Rig:
    return Rig(torch=Torch(torchvision_version=Failed(met.text, _line(met))))


def _numpy_fails(met: Met) -> Rig:
    return Rig(torch=Torch(numpy_works=Failed(met.text, _line(met))))


def _cpu_build(met: Met) -> Rig:
    absent = Absent(Reason.NOT_THERE, _source(met), "not compiled with CUDA")
    return Rig(torch=Torch(cuda_built_version=absent))


def _torch_missing(met: Met) -> Rig:
    absent = Absent(Reason.NOT_THERE, _line(met), met.text)
    return Rig(torch=Torch(installed_version=absent, version=absent))


def _managed(met: Met) -> Rig:
    return Rig(python=PythonEnv(externally_managed=Found(True, _source(met))))


_BY_SYMPTOM: dict[str, Callable[[Met], Rig]] = {
    "driver-too-old": _driver_too_old,
    "cuda-unknown-error": _unknown_error,
    "driver-library-mismatch": _library_mismatch,
    "driver-not-answering": _driver_silent,
    "no-devices-found": _no_devices,
    "torchvision-operator": _vision_fails,
    "numpy-abi": _numpy_fails,
    "torch-without-cuda": _cpu_build,
    "no-module-torch": _torch_missing,
    "externally-managed": _managed,
}


def _found_version(text: Text) -> Rig:
    """`found version 12080`: the newest CUDA of the driver, 12.8."""
    match = next(text.search_near("found version ", _FOUND_VERSION, before=12, after=6), None)
    if match is None:
        return Rig()
    number = int(match[1])
    return Rig(nvml=Nvml(cuda_version=text.found(f"{number // 1000}.{number % 1000 // 10}", match)))


def _install_supports(text: Text) -> Rig:
    words = "install supports CUDA capabilities "
    match = next(text.search_near(words, _INSTALL_SUPPORTS, before=20, after=600), None)
    if match is None:
        return Rig()
    codes = tuple(re.findall(r"(?:sm|compute)_\d{2,3}[af]?", match[1]))
    return Rig(torch=Torch(arch_list=text.found(codes, match)))


def _named_gpus(text: Text) -> Rig:
    """The GPUs that torch complains of, with the capability that it read itself."""
    gpus: dict[int, Gpu] = {}
    for match in text.search_near(" which is of ", _TOO_OLD, before=100, after=60):
        gpus.setdefault(int(match["index"]), _gpu(text, match, match["capability"]))
    if not gpus:
        words = " with CUDA capability sm_"
        matches = text.search_near(words, _INCOMPATIBLE, before=60, after=30)
        names = {m["name"].strip(): m for m in matches}
        for match in names.values():
            digits = match["capability"]
            capability = f"{digits[:-1]}.{digits[-1]}"
            gpus[len(gpus)] = _gpu(text, match, capability, index=len(gpus))
    if not gpus:
        return Rig()
    first = next(iter(gpus.values()))
    return Rig(nvml=Nvml(gpus=Found(tuple(gpus.values()), first.name.source)))


def _gpu(text: Text, match: re.Match[str], capability: str, index: int | None = None) -> Gpu:
    return Gpu(
        index=int(match["index"]) if index is None else index,
        name=text.found(match["name"].strip(), match),
        compute_capability=text.found(capability, match),
    )


def _build_mismatch(text: Text) -> Rig:
    words = "mismatches the version that was used"
    match = next(text.search_near(words, _BUILD_MISMATCH, before=60, after=60), None)
    if match is None:
        return Rig()
    return Rig(
        toolkit=Toolkit(nvcc_version=text.found(match["nvcc"], match)),
        torch=Torch(cuda_built_version=text.found(match["torch"], match)),
    )


def _nvml_library(text: Text) -> Rig:
    match = _NVML_LIBRARY.search(text.content)
    return Rig(driver=Driver(library_version=text.found(match[1], match))) if match else Rig()


def _traceback_python(text: Text) -> Rig:
    match = next(text.search_near("-packages/", _SITE, before=200), None)
    if match is None:
        return Rig()
    known: dict[str, Fact[Any]] = {"version": text.found(match["version"], match)}
    if "conda" in match.group():
        known["environment"] = text.found("conda", match)
    return Rig(python=PythonEnv(**known))


_PARSERS: tuple[Callable[[Text], Rig], ...] = (
    _found_version,
    _install_supports,
    _named_gpus,
    _build_mismatch,
    _nvml_library,
    _traceback_python,
)
