"""What people list of a machine: `Driver: 535.54`, `CUDA available: False`, `Secure Boot: on`.

Each key has one reader; a value that is not in the form its reader expects is left out.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rigcheck.facts import (
    Absent,
    Cpu,
    Distribution,
    Driver,
    Environment,
    Extension,
    Fact,
    Failed,
    Found,
    Frameworks,
    Gpu,
    Host,
    LoadedLibrary,
    Memory,
    Nvml,
    PythonEnv,
    Reason,
    Rig,
    Symptom,
    Symptoms,
    Toolkit,
    Torch,
)
from rigcheck.ingest.cpu_flags import cpu_of_flags
from rigcheck.ingest.merge import merge
from rigcheck.ingest.outline import Node, read_outline, walk
from rigcheck.ingest.stated_gpus import gpus_of, pairs_of
from rigcheck.ingest.systems import host_of_kernel, host_of_name
from rigcheck.ingest.text import Text

_YES = ("true", "yes", "on", "enabled", "active", "1")
_NO = ("false", "no", "off", "disabled", "inactive", "0")
_NUMBER = re.compile(r"v?(\d+(?:\.\d+){1,3})(?![\w.]*\d)")
_TORCH = re.compile(r"v?(\d\.\d{1,2}(?:\.\d{1,2})?(?:[a-z]{1,3}\d{1,8})?(?:\+[\w.]{1,20})?)(?!\d)")
_CUDA_BUILD = re.compile(r"CUDA (\d{1,2}\.\d) build")
_SIZE = re.compile(r"(\d{1,9}(?:\.\d+)?) ?([KMGT]?)i?B?\b", re.IGNORECASE)
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
_SHM_SIZE = re.compile(r"--shm-size[= ]\"?(\d{1,9})([kmgKMG]?)")
_CODES = re.compile(r"(?:sm_|compute_)?(\d{1,2})\.?(\d)(?!\d)")
_GPUS = ("gpus", "gpu", "gpu s", "gpu model", "graphics card", "graphics cards", "video card")
_ENVIRONMENT = frozenset(Environment.__struct_fields__)
_PACKAGE = re.compile(r"[a-z][\w.-]{0,60}\Z")
_COMMON_CODES = ("sm_50", "sm_60", "sm_70", "sm_75", "sm_80", "sm_86", "sm_89", "sm_90")
"""What CUDA builds of torch of 2023 and 2024 have code for."""


def parse_stated(text: Text) -> Rig:
    """Every fact whose key is known; of one told twice the first counts."""
    lines = list(walk(read_outline(text)))
    rigs = [_READERS[node.key](node) for node in lines if node.key in _READERS]
    return merge((*rigs, _fabric_manager(lines)))


def yes_or_no(told: Found[str]) -> Found[bool] | None:
    """`True`, `enabled (user)`, `off`."""
    word = told.value.lower().split(" ")[0].strip(".,;")
    if word not in (*_YES, *_NO):
        return None
    return Found(word in _YES, told.source)


def _number(node: Node) -> Found[str] | None:
    match = _NUMBER.match(node.value.removeprefix("glibc").lstrip("-: "))
    return Found(match[1], node.source) if match else None


def _versions(make: Callable[[Fact[str]], Rig]) -> Callable[[Node], Rig]:
    def read(node: Node) -> Rig:
        number = _number(node)
        return make(number) if number else Rig()

    return read


def _words(make: Callable[[Fact[str]], Rig]) -> Callable[[Node], Rig]:
    def read(node: Node) -> Rig:
        return make(node.found()) if node.value else Rig()

    return read


def _answers(make: Callable[[Found[bool]], Rig]) -> Callable[[Node], Rig]:
    def read(node: Node) -> Rig:
        answer = yes_or_no(node.found())
        return make(answer) if answer else Rig()

    return read


def _torch(node: Node) -> Rig:
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


def _driver_cuda_found(node: Node) -> Rig:
    if not re.fullmatch(r"\d{4,5}", node.value):
        return Rig()
    number = int(node.value)
    version = Found(f"{number // 1000}.{number % 1000 // 10}", node.source)
    words = f"the NVIDIA driver on your system is too old (found version {number})"
    return Rig(
        nvml=Nvml(cuda_version=version), torch=Torch(cuda_available=Failed(words, node.source))
    )


def _kernel(node: Node) -> Rig:
    match = re.match(r"(?:Linux )?(\d+\.\d+\S{0,60})", node.value)
    return Rig(host=host_of_kernel(match[1], "", node.source)) if match else Rig()


def _architecture(told: Fact[str]) -> Rig:
    value = getattr(told, "value", "").lower()
    known = re.fullmatch(r"x86_64|amd64|aarch64|arm64|ppc64le|i686|armv7l", value)
    return Rig(host=Host(architecture=told)) if known else Rig()


def _around(node: Node) -> Rig:
    """`docker`, `Kubernetes pod`, `KVM guest, docker`, `docker host`, `WSL2`."""
    words = node.value.lower()
    known: dict[str, Fact[Any]] = {}
    if re.search(r"\bdocker host\b", words):
        known["container_engine"] = Found("docker", node.source)
    elif match := re.search(r"\b(kubernetes|docker|podman|lxc|singularity|apptainer)\b", words):
        known["container"] = Found(match[1], node.source)
    if match := re.search(r"\bwsl ?([12])?\b", words):
        known["wsl_version"] = Found(int(match[1] or 2), node.source)
    if match := re.search(r"\b(kvm|qemu|vmware|hyper-v|xen|virtualbox)\b", words):
        known["hypervisor"] = Found(match[1], node.source)
    memory = Memory()
    if match := _SHM_SIZE.search(node.value):
        size = int(match[1]) * _UNITS[match[2].upper()]
        memory = Memory(shm_total_bytes=Found(size, node.source))
    return Rig(host=Host(**known), memory=memory)


def _shm(node: Node) -> Rig:
    told = {child.key: child for child in node.children} or {"size": node}
    known: dict[str, Fact[Any]] = {}
    for word, field in (
        ("size", "shm_total_bytes"),
        ("available", "shm_free_bytes"),
        ("avail", "shm_free_bytes"),
        ("free", "shm_free_bytes"),
    ):
        if word in told and (match := _SIZE.match(told[word].value)):
            size = int(float(match[1]) * _UNITS[match[2].upper()])
            known[field] = Found(size, told[word].source)
    return Rig(memory=Memory(**known))


def _environment(node: Node) -> Rig:
    """Variables that were listed, a path also as a list of its folders."""
    known: dict[str, Fact[Any]] = {}
    for child in node.children:
        name = child.key.replace(" ", "_")
        if name in _ENVIRONMENT:
            value = ":".join(child.items) if child.items else child.value
            known[name] = Found("$0" if "$0" in value else value, child.source)
    return Rig(environment=Environment(**known))


def _packages(node: Node) -> Rig:
    found = tuple(
        Distribution(name=child.key.replace(" ", "-"), version=number.value)
        for child in node.children
        if _PACKAGE.match(child.key.replace(" ", "-")) and (number := _number(child))
    )
    return Rig(python=PythonEnv(distributions=Found(found, node.source))) if found else Rig()


def _package(name: str) -> Callable[[Node], Rig]:
    def read(node: Node) -> Rig:
        number = _number(node)
        if number is None:
            return Rig()
        listed = (Distribution(name=name, version=number.value),)
        return Rig(python=PythonEnv(distributions=Found(listed, node.source)))

    return read


def _extension(node: Node) -> Rig:
    name, _, version = node.value.partition(" ")
    told: dict[str, Fact[Any]] = {"version": Found(version, node.source)} if version else {}
    found = (Extension(name=name, **told),) if name else ()
    return Rig(frameworks=Frameworks(extensions=Found(found, node.source))) if found else Rig()


def _extension_codes(node: Node) -> Rig:
    codes = _codes(node)
    if not codes:
        return Rig()
    extension = Extension(name="extension", arch_list=Found(codes, node.source))
    return Rig(frameworks=Frameworks(extensions=Found((extension,), node.source)))


def _arch_list(node: Node) -> Rig:
    codes = _codes(node)
    return Rig(torch=Torch(arch_list=Found(codes, node.source))) if codes else Rig()


def _arch_list_lacks(node: Node) -> Rig:
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


def _loaded(node: Node) -> Rig:
    name = node.value.rpartition("/")[2]
    if "/" not in node.value or ".so" not in name:
        return Rig()
    library = LoadedLibrary(name=name, path=node.value)
    return Rig(torch=Torch(loaded_libraries=Found((library,), node.source)))


def _toolkit_there(answer: Found[bool]) -> Rig:
    if answer.value:
        return Rig(host=Host(container_toolkit=Found("installed", answer.source)))
    return Rig(host=Host(container_toolkit=Absent(Reason.NOT_THERE, answer.source)))


def _wanted_torch(node: Node) -> Rig:
    """The release that pip was asked for and did not find."""
    number = _number(node)
    if number is None:
        return Rig()
    words = f"No matching distribution found for torch=={number.value}"
    return _symptom("no-matching-wheel", words, node.source)


def _fabric_manager(outline: Iterable[Node]) -> Rig:
    """Of another version than the driver it is listed beside."""
    told = {n.key: n for n in outline if n.key in ("fabric manager", "driver")}
    numbers = [_number(node) for node in told.values()]
    if len(numbers) < 2 or None in numbers or numbers[0] == numbers[1]:  # noqa: PLR2004 -- a pair
        return Rig()
    versions = {key: node.value for key, node in told.items()}
    words = f"fabric manager {versions['fabric manager']}, driver {versions['driver']}"
    return _symptom("fabric-manager-version", words, told["fabric manager"].source)


def _symptom(name: str, words: str, source: str) -> Rig:
    symptom = Symptom(name=name, text=words, source=source)
    return Rig(symptoms=Symptoms(seen=Found((symptom,), source)))


def _machine(node: Node) -> Rig:
    """A Jetson is a board and a GPU in one."""
    match = re.search(r"\bJetson(?: \w{2,8}){1,3}", node.value)
    if match is None:
        return Rig()
    gpu = Gpu(index=0, name=Found(match.group(), node.source))
    machine = Host(architecture=Found("aarch64", node.source))
    return Rig(host=machine, nvml=Nvml(gpus=Found((gpu,), node.source)))


def _flags(node: Node) -> Rig:
    told = Found(" ".join(node.items) or node.value, node.source)
    return Rig(cpu=cpu_of_flags(told))


def _gpus(node: Node) -> Rig:
    gpus = gpus_of(node)
    return Rig(nvml=Nvml(gpus=Found(gpus, node.source))) if gpus else Rig()


def _pairs(node: Node) -> Rig:
    pairs = pairs_of(node)
    return Rig(nvml=Nvml(gpu_pairs=Found(pairs, node.source))) if pairs else Rig()


def _slept(answer: Found[bool]) -> Rig:
    if not answer.value:
        return Rig(host=Host(suspended_s=Found(0.0, answer.source)))
    return _symptom("resumed-from-suspend", "suspended since boot", answer.source)


def _host_glibc(told: Fact[str]) -> Rig:
    return Rig(host=Host(glibc_version=told))


def _torch_cuda(told: Fact[str]) -> Rig:
    return Rig(torch=Torch(cuda_built_version=told))


def _python(told: Fact[str]) -> Rig:
    return Rig(python=PythonEnv(version=told))


def _nvcc(told: Fact[str]) -> Rig:
    return Rig(toolkit=Toolkit(nvcc_version=told))


def _driver(told: Fact[str]) -> Rig:
    major = int(getattr(told, "value", "0").partition(".")[0])
    is_plausible = 100 <= major < 1000  # noqa: PLR2004 -- NVIDIA's branches have three digits
    return Rig(nvml=Nvml(driver_version=told)) if is_plausible else Rig()


def _available(answer: Found[bool]) -> Rig:
    return Rig(torch=Torch(cuda_available=answer))


def _secure_boot(answer: Found[bool]) -> Rig:
    return Rig(host=Host(secure_boot=answer))


def _keys(reader: Callable[[Node], Rig], *keys: str) -> dict[str, Callable[[Node], Rig]]:
    return dict.fromkeys(keys, reader)


_READERS: Mapping[str, Callable[[Node], Rig]] = {
    **_keys(
        _words(lambda told: Rig(host=host_of_name(told)) if isinstance(told, Found) else Rig()),
        "os",
        "operating system",
        "distribution",
        "distro",
        "linux distribution",
    ),
    **_keys(_kernel, "kernel", "kernel version", "kernel release", "linux kernel"),
    **_keys(_words(_architecture), "arch", "architecture", "cpu architecture", "machine arch"),
    **_keys(_versions(_host_glibc), "libc", "glibc", "glibc version", "libc version"),
    **_keys(_versions(_python), "python", "python version"),
    **_keys(_torch, "torch", "pytorch", "torch version", "pytorch version", "pytorch torch"),
    **_keys(
        _versions(_torch_cuda), "torch cuda", "pytorch cuda", "torch version cuda", "torch.version.cuda"
    ),
    **_keys(
        _versions(lambda told: Rig(torch=Torch(torchvision_installed_version=told))),
        "torchvision",
        "torchvision version",
    ),
    **_keys(
        _answers(_available),
        "cuda available",
        "is cuda available",
        "gpu available",
        "torch cuda available",
        "torch.cuda.is available",
        "is available",
    ),
    **_keys(_versions(_nvcc), "nvcc", "nvcc version", "nvcc cuda"),
    **_keys(_words(lambda told: Rig(toolkit=Toolkit(building=told))), "building"),
    **_keys(
        _versions(_driver),
        "driver",
        "driver version",
        "nvidia driver",
        "nvidia driver version",
        "gpu driver",
        "gpu driver version",
    ),
    **_keys(
        _versions(lambda told: Rig(nvml=Nvml(cuda_version=told))),
        "driver cuda",
        "driver cuda version",
    ),
    **_keys(_driver_cuda_found, "driver cuda found"),
    **_keys(
        _versions(lambda told: Rig(driver=Driver(library_version=told))),
        "userspace driver",
        "user space driver",
        "driver libraries",
    ),
    **_keys(
        _versions(lambda told: Rig(driver=Driver(module_version=told))),
        "kernel module",
        "loaded kernel module",
        "kernel module version",
    ),
    **_keys(_gpus, *_GPUS),
    **_keys(_pairs, "topology"),
    **_keys(_machine, "machine", "device", "board", "hardware"),
    **_keys(_around, "virtualization", "virtualisation", "environment type"),
    **_keys(_answers(_toolkit_there), "container toolkit installed", "nvidia container toolkit"),
    **_keys(_shm, "shm", "dev shm", "shared memory"),
    **_keys(_environment, "env", "environment", "environment variables"),
    **_keys(_flags, "cpu flags sorted", "cpu flags"),
    **_keys(_words(lambda told: Rig(cpu=Cpu(model=told))), "cpu", "cpu model", "processor"),
    **_keys(_packages, "packages", "libraries", "versions"),
    **_keys(_package("numpy"), "numpy", "numpy version"),
    **_keys(_extension, "extension"),
    **_keys(_extension_codes, "extension arch flags"),
    **_keys(_arch_list, "torch arch list", "arch list", "torch.cuda.get arch list"),
    **_keys(_arch_list_lacks, "torch arch list lacks"),
    **_keys(_loaded, "libnvjitlink resolved", "libcudnn resolved", "libcublas resolved"),
    **_keys(_wanted_torch, "torch wanted"),
    **_keys(_answers(_secure_boot), "secure boot", "secureboot", "secure boot enabled"),
    **_keys(_answers(_slept), "suspended since boot"),
}
