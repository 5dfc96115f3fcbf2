"""What people list of torch, its extensions and other packages."""

import re
from typing import Any

from rigcheck.facts import (
    Absent,
    Distribution,
    Extension,
    Fact,
    Failed,
    Found,
    Frameworks,
    LoadedLibrary,
    Nvml,
    PythonEnv,
    Reason,
    Rig,
    Torch,
)
from rigcheck.ingest.outline import Node
from rigcheck.ingest.stated_values import Reader, number, symptom

_TORCH = re.compile(r"v?(\d\.\d{1,2}(?:\.\d{1,2})?(?:[a-z]{1,3}\d{1,8})?(?:\+[\w.]{1,20})?)(?!\d)")
_CUDA_BUILD = re.compile(r"CUDA (\d{1,2}\.\d) build")
_CODES = re.compile(r"(?:sm_|compute_)?(\d{1,2})\.?(\d)(?!\d)")
_MOST_CODES = 64
_PACKAGE = re.compile(r"[a-z][\w.-]{0,60}\Z")
_COMMON_CODES = ("sm_50", "sm_60", "sm_70", "sm_75", "sm_80", "sm_86", "sm_89", "sm_90")
"""What CUDA builds of torch of 2023 and 2024 have code for."""


def parse_torch(node: Node) -> Rig:
    match = _TORCH.match(node.value)
    if match is None:
        return Rig(torch=Torch(**_build(node, node.value, "")))
    version = Found(match[1], node.source)
    build = _build(node, node.value, match[1].partition("+")[2])
    return Rig(torch=Torch(installed_version=version, version=version, **build))


def _build(node: Node, words: str, local: str) -> dict[str, Fact[Any]]:
    if local == "cpu" or re.search(r"\bCPU[ -](?:only|build)|[(,] ?CPU\b", words, re.IGNORECASE):
        return {"cuda_built_version": Absent(Reason.NOT_THERE, node.source, "a CPU build")}
    if re.fullmatch(r"cu\d{2,3}", local):
        return {"cuda_built_version": Found(f"{local[2:-1]}.{local[-1]}", node.source)}
    if match := _CUDA_BUILD.search(words):
        return {"cuda_built_version": Found(match[1], node.source)}
    return {}


def parse_driver_cuda_found(node: Node) -> Rig:
    if not re.fullmatch(r"\d{4,5}", node.value):
        return Rig()
    number = int(node.value)
    version = Found(f"{number // 1000}.{number % 1000 // 10}", node.source)
    words = f"the NVIDIA driver on your system is too old (found version {number})"
    return Rig(
        nvml=Nvml(cuda_version=version), torch=Torch(cuda_available=Failed(words, node.source))
    )


def parse_packages(node: Node) -> Rig:
    found = tuple(
        Distribution(name=child.key.replace(" ", "-"), version=told.value)
        for child in node.children
        if _PACKAGE.match(child.key.replace(" ", "-")) and (told := number(child))
    )
    return Rig(python=PythonEnv(distributions=Found(found, node.source))) if found else Rig()


def parse_package(name: str) -> Reader:
    def read(node: Node) -> Rig:
        told = number(node)
        if told is None:
            return Rig()
        listed = (Distribution(name=name, version=told.value),)
        return Rig(python=PythonEnv(distributions=Found(listed, node.source)))

    return read


def parse_extension(node: Node) -> Rig:
    name, _, version = node.value.partition(" ")
    told: dict[str, Fact[Any]] = {"version": Found(version, node.source)} if version else {}
    found = (Extension(name=name, **told),) if name else ()
    return Rig(frameworks=Frameworks(extensions=Found(found, node.source))) if found else Rig()


def parse_extension_codes(node: Node) -> Rig:
    codes = _codes(node)
    if not codes:
        return Rig()
    extension = Extension(name="extension", arch_list=Found(codes, node.source))
    return Rig(frameworks=Frameworks(extensions=Found((extension,), node.source)))


def parse_arch_list(node: Node) -> Rig:
    codes = _codes(node)
    return Rig(torch=Torch(arch_list=Found(codes, node.source))) if codes else Rig()


def parse_arch_list_lacks(node: Node) -> Rig:
    """Only what is missing was told: it has what the builds of its time have."""
    missing = _codes(node)
    codes = tuple(code for code in _COMMON_CODES if code not in missing)
    return Rig(torch=Torch(arch_list=Found(codes, node.source))) if missing else Rig()


def _codes(node: Node) -> tuple[str, ...]:
    told = node.items or node.value.replace("[", " ").replace("]", " ").replace(",", " ").split()
    codes: list[str] = []
    for item in told[:64]:
        match = _CODES.fullmatch(item.strip("'\" ").removesuffix("+PTX").removesuffix("a"))
        if match:
            kind = "compute_" if item.startswith("compute_") else "sm_"
            codes.append(f"{kind}{match[1]}{match[2]}")
    return tuple(codes)


def parse_loaded(node: Node) -> Rig:
    name = node.value.rpartition("/")[2]
    if "/" not in node.value or ".so" not in name:
        return Rig()
    library = LoadedLibrary(name=name, path=node.value)
    return Rig(torch=Torch(loaded_libraries=Found((library,), node.source)))


def parse_wanted_torch(node: Node) -> Rig:
    """The release that pip was asked for and did not find."""
    told = number(node)
    if told is None:
        return Rig()
    words = f"No matching distribution found for torch=={told.value}"
    return symptom("no-matching-wheel", words, node.source)
