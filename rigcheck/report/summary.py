"""One line a part of the rig: what a person wants to see of it first."""

from collections.abc import Callable
from typing import Any

from rigcheck.facts import (
    NOT_ASKED,
    Absent,
    CompileTrial,
    Fact,
    Failed,
    Found,
    Reason,
    Rig,
    T,
    is_known_absent,
    value_of,
)
from rigcheck.units import bytes_text


def summary(rig: Rig, part: str) -> str:
    """The line for one part, by the name of its field; empty while nothing is known of it."""
    pieces = _SUMMARIES[part](rig)
    return " · ".join(piece for piece in pieces if piece)


def lack_text(fact: Fact[T]) -> str:
    """Why there is no value, in words; empty where there is one or nobody asked."""
    if isinstance(fact, Failed):
        return fact.error
    if isinstance(fact, Absent) and fact.reason is not Reason.NOT_ASKED:
        return str(fact.reason.value)
    return ""


def _text(fact: Fact[Any], form: str = "{}") -> str:
    return form.format(fact.value) if isinstance(fact, Found) else ""


def _size(fact: Fact[int], form: str = "{}") -> str:
    return form.format(bytes_text(fact.value)) if isinstance(fact, Found) else ""


def _host(rig: Rig) -> list[str]:
    host = rig.host
    return [
        _text(host.distribution) or _text(host.system),
        _text(host.kernel_release, "kernel {}"),
        _text(host.container, "in {}"),
        _text(host.wsl_version, "WSL {}"),
        _text(host.hypervisor, "on {}"),
        "over SSH" if value_of(host.over_ssh) else "",
    ]


def _cpu(rig: Rig) -> list[str]:
    cpu = rig.cpu
    missing = value_of(cpu.missing_for_next_level) or ()
    return [
        _text(cpu.model),
        _text(cpu.cores, "{} cores"),
        _text(cpu.usable_threads, "{} threads usable"),
        _text(cpu.quota_cpus, "limited to {} CPUs"),
        _text(cpu.x86_64_level, "x86-64-v{}"),
        "no AVX2" if "avx2" in missing else "",
    ]


def _memory(rig: Rig) -> list[str]:
    memory = rig.memory
    return [
        _size(memory.total_bytes),
        _size(memory.available_bytes, "{} free"),
        _size(memory.limit_bytes, "limited to {}"),
        _size(memory.shm_total_bytes, "{} shared"),
    ]


def _storage(rig: Rig) -> list[str]:
    filesystems = value_of(rig.storage.filesystems) or ()
    free = {f.mount_point: f.free_bytes for f in filesystems}
    return [f"{bytes_text(n)} free on {mount}" for mount, n in free.items()] or [
        lack_text(rig.storage.filesystems)
    ]


def _network(rig: Rig) -> list[str]:
    interfaces = value_of(rig.network.interfaces)
    if interfaces is None:
        return [lack_text(rig.network.interfaces)]
    up = [i for i in interfaces if i.up]
    return [
        f"{i.name} {_text(i.link_speed_mbit_per_s, '{} Mb/s') or 'speed unknown'}" for i in up
    ] or ["no interface is up"]


def _pci(rig: Rig) -> list[str]:
    gpus = value_of(rig.pci.nvidia_gpus)
    if gpus is None:
        return [lack_text(rig.pci.nvidia_gpus)]
    return [f"{g.pci_bus_id} {_text(g.name) or g.device_id}" for g in gpus] or ["no NVIDIA GPU"]


def _driver(rig: Rig) -> list[str]:
    driver = rig.driver
    loaded = _text(driver.module_version)
    return [
        f"{loaded} {_text(driver.module_kind, '{} module')}".strip()
        if loaded
        else "not loaded"
        if isinstance(driver.module_version, Absent)
        and driver.module_version.reason is Reason.NOT_THERE
        else lack_text(driver.module_version),
        _text(driver.library_version, "libraries {}"),
        "nouveau is loaded" if value_of(driver.nouveau_loaded) else "",
    ]


def _kernel_log(rig: Rig) -> list[str]:
    xids = value_of(rig.kernel_log.xids)
    if xids is None:
        return [lack_text(rig.kernel_log.xids)]
    codes = dict.fromkeys(str(xid.code) for xid in xids)
    return [
        f"Xid {', '.join(codes)}" if codes else "no Xid",
        f"out of memory: {', '.join(dict.fromkeys(kill.process for kill in kills))}"
        if (kills := value_of(rig.kernel_log.oom_kills))
        else "",
        "" if value_of(rig.kernel_log.reaches_boot) else "since the oldest line it keeps",
    ]


def _nvml(rig: Rig) -> list[str]:
    gpus = value_of(rig.nvml.gpus)
    if gpus is None:
        return [lack_text(rig.nvml.gpus)]
    cuda = _text(rig.nvml.cuda_version, "CUDA {}")
    return [
        *(f"GPU {g.index} {_text(g.name)} {_size(g.memory_total_bytes)}".strip() for g in gpus),
        cuda,
    ]


def _python(rig: Rig) -> list[str]:
    python = rig.python
    return [
        _text(python.version) or lack_text(python.version),
        _text(python.environment),
        _text(python.prefix),
    ]


def _torch(rig: Rig) -> list[str]:
    torch = rig.torch
    if isinstance(torch.version, Absent) and torch.version.reason is Reason.NOT_THERE:
        return ["not installed"]
    return [
        _text(torch.version) or lack_text(torch.version).partition("\n")[0],
        _text(torch.cudnn_version, "cuDNN {}"),
        _text(torch.torchvision_version, "torchvision {}"),
        _text(torch.cpu_capability, "CPU kernels {}"),
    ]


def _vram(rig: Rig) -> list[str]:
    trials = value_of(rig.vram.trials)
    if trials is None:
        return [lack_text(rig.vram.trials)]
    return [f"{t.device} {bytes_text(t.tested_bytes)} tested" for t in trials] or ["no GPU to test"]


def _frameworks(rig: Rig) -> list[str]:
    installed = value_of(rig.frameworks.installed)
    if installed == ():
        return ["none beside torch"]
    return [f"{f.title} {_text(f.version)}".strip() for f in installed or ()]


def _compile(rig: Rig) -> list[str]:
    trials = value_of(rig.compile.trials)
    if trials is None:
        return [lack_text(rig.compile.trials)]
    return [_compiled(trial) for trial in trials] or ["nothing that compiles"]


def _compiled(trial: CompileTrial) -> str:
    broken = next((stage for stage in trial.stages if stage.error), None)
    if broken is None:
        return f"{trial.framework} compiles"
    where = f" on {broken.device}" if broken.device else ""
    return f"{trial.framework} fails{where}"


def _toolkit(rig: Rig) -> list[str]:
    toolkit = rig.toolkit
    copies = value_of(toolkit.cuda_copies) or ()
    return [
        _text(toolkit.nvcc_version, "nvcc {}")
        or ("no nvcc" if is_known_absent(toolkit.nvcc_version) else ""),
        *(f"{copy.path}" for copy in copies),
    ]


def _environment(rig: Rig) -> list[str]:
    environment = rig.environment
    facts = {name: getattr(environment, name) for name in environment.__struct_fields__}
    set_here = [name.upper() for name, fact in facts.items() if isinstance(fact, Found)]
    asked = any(fact != NOT_ASKED for fact in facts.values())
    return set_here or (["nothing that matters here is set"] if asked else [])


def _symptoms(rig: Rig) -> list[str]:
    seen = value_of(rig.symptoms.seen) or ()
    return list(dict.fromkeys(symptom.name for symptom in seen))


_SUMMARIES: dict[str, Callable[[Rig], list[str]]] = {
    "host": _host,
    "cpu": _cpu,
    "memory": _memory,
    "storage": _storage,
    "network": _network,
    "pci": _pci,
    "driver": _driver,
    "kernel_log": _kernel_log,
    "nvml": _nvml,
    "python": _python,
    "torch": _torch,
    "vram": _vram,
    "frameworks": _frameworks,
    "compile": _compile,
    "toolkit": _toolkit,
    "environment": _environment,
    "symptoms": _symptoms,
}
