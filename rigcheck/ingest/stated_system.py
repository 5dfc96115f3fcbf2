"""What people list of a system: kernel, container, shared memory, variables, firmware."""

import re
from typing import Any

from rigcheck.facts import (
    Absent,
    Environment,
    Fact,
    Found,
    Gpu,
    Host,
    Memory,
    Nvml,
    Reason,
    Rig,
)
from rigcheck.ingest.cpu_flags import cpu_of_flags
from rigcheck.ingest.outline import Node
from rigcheck.ingest.stated_values import symptom
from rigcheck.ingest.systems import host_of_kernel

_SIZE = re.compile(r"(\d{1,9}(?:\.\d+)?) ?([KMGT]?)i?B?\b", re.IGNORECASE)
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
_SHM_SIZE = re.compile(r"--shm-size[= ]\"?(\d{1,9})([kmgKMG]?)")
_ENVIRONMENT = frozenset(Environment.__struct_fields__)


def parse_kernel(node: Node) -> Rig:
    match = re.match(r"(?:Linux )?(\d+\.\d+\S{0,60})", node.value)
    return Rig(host=host_of_kernel(match[1], "", node.source)) if match else Rig()


def parse_architecture(told: Fact[str]) -> Rig:
    value = getattr(told, "value", "").lower()
    known = re.fullmatch(r"x86_64|amd64|aarch64|arm64|ppc64le|i686|armv7l", value)
    return Rig(host=Host(architecture=told)) if known else Rig()


def parse_around(node: Node) -> Rig:
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


def parse_shm(node: Node) -> Rig:
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


def parse_environment(node: Node) -> Rig:
    """Variables that were listed, a path also as a list of its folders."""
    known: dict[str, Fact[Any]] = {}
    for child in node.children:
        name = child.key.replace(" ", "_")
        if name in _ENVIRONMENT:
            value = ":".join(child.items) if child.items else child.value
            known[name] = Found("$0" if "$0" in value else value, child.source)
    return Rig(environment=Environment(**known))


def parse_machine(node: Node) -> Rig:
    """A Jetson is a board and a GPU in one."""
    match = re.search(r"\bJetson(?: \w{2,8}){1,3}", node.value)
    if match is None:
        return Rig()
    gpu = Gpu(index=0, name=Found(match.group(), node.source))
    machine = Host(architecture=Found("aarch64", node.source))
    return Rig(host=machine, nvml=Nvml(gpus=Found((gpu,), node.source)))


def parse_flags(node: Node) -> Rig:
    told = Found(" ".join(node.items) or node.value, node.source)
    return Rig(cpu=cpu_of_flags(told))


def parse_toolkit_there(answer: Found[bool]) -> Rig:
    if answer.value:
        return Rig(host=Host(container_toolkit=Found("installed", answer.source)))
    return Rig(host=Host(container_toolkit=Absent(Reason.NOT_THERE, answer.source)))


def parse_slept(answer: Found[bool]) -> Rig:
    if not answer.value:
        return Rig(host=Host(suspended_s=Found(0.0, answer.source)))
    return symptom("resumed-from-suspend", "suspended since boot", answer.source)


def parse_driver(told: Fact[str]) -> Rig:
    major = int(getattr(told, "value", "0").partition(".")[0])
    is_plausible = 100 <= major < 1000  # noqa: PLR2004 -- NVIDIA's branches have three digits
    return Rig(nvml=Nvml(driver_version=told)) if is_plausible else Rig()
