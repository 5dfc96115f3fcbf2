"""Machines in literal facts: healthy ones, and small changes that break them."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from rigcheck.facts import (
    Absent,
    Cpu,
    Distribution,
    Driver,
    Fact,
    Failed,
    Found,
    Gpu,
    Host,
    KernelLog,
    KernelMessage,
    Memory,
    Nvml,
    Pci,
    PciGpu,
    PythonEnv,
    Reason,
    Rig,
    Torch,
    TorchDevice,
    Xid,
)
from rigcheck.findings import Finding, Verdict
from rigcheck.rules.judge import judge

T = TypeVar("T")

ALL_PARTS = frozenset(Rig.__struct_fields__)
PYTHON = "/home/ada/venv/bin/python"
GIB = 1024**3

CU126 = ("sm_50", "sm_60", "sm_70", "sm_75", "sm_80", "sm_86", "sm_90")
CU132 = ("sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120")

# Flags of three CPUs, as far as the rules ask for them.
K10_FLAGS = ("sse2", "pni", "cx16", "lahf_lm", "popcnt")
NEHALEM_FLAGS = (*K10_FLAGS, "ssse3", "sse4_1", "sse4_2")
PILEDRIVER_FLAGS = (*NEHALEM_FLAGS, "avx", "fma", "f16c")
ZEN_FLAGS = (*PILEDRIVER_FLAGS, "avx2", "avx512f")


def found(value: T, source: str = "test") -> Found[T]:
    """A fact."""
    return Found(value, source)


def not_there(detail: str = "") -> Absent:
    """A source that was read and does not have it."""
    return Absent(Reason.NOT_THERE, "test", detail)


def host(**changes: Fact[Any]) -> Host:
    """Ubuntu 24.04 on the metal."""
    ubuntu = Host(
        system=found("Linux"),
        distribution=found("Ubuntu 24.04.3 LTS"),
        distribution_id=found("ubuntu"),
        distribution_version=found("24.04"),
        kernel_release=found("6.8.0-88-generic"),
        architecture=found("x86_64"),
        glibc_version=found("2.39"),
        container=not_there(),
        wsl_version=not_there(),
        hypervisor=not_there(),
        suspended_s=found(0.0),
        date=found("2026-11-23"),
        secure_boot=found(False),
    )
    return msgspec.structs.replace(ubuntu, **changes)


def card(
    bus_id: str = "0000:01:00.0",
    name: str | None = "AD102 [GeForce RTX 4090]",
    driver: str | None = "nvidia",
) -> PciGpu:
    """A GPU on the bus; without a name it is one that pci.ids does not list."""
    return PciGpu(
        pci_bus_id=bus_id,
        device_id="10de:2684",
        name=found(name) if name else not_there(),
        kernel_driver=found(driver) if driver else not_there(),
    )


def gpu(
    index: int = 0,
    name: str = "NVIDIA GeForce RTX 4090",
    capability: str | None = "8.9",
    bus_id: str = "0000:01:00.0",
    **facts: Fact[Any],
) -> Gpu:
    """A GPU as NVML tells it."""
    known = Gpu(
        index=index,
        uuid=found(f"GPU-{index}"),
        pci_bus_id=found(bus_id),
        name=found(name),
        compute_capability=found(capability) if capability else Absent(Reason.NOT_IN_DRIVER, "x"),
    )
    return msgspec.structs.replace(known, **facts)


def torch(
    version: str = "2.15.0+cu132", cuda: str | None = "13.2", codes: Sequence[str] = CU132
) -> Torch:
    """A torch that imports, with the torchvision that goes with it."""
    return Torch(
        installed_version=found(version),
        version=found(version),
        cuda_built_version=found(cuda) if cuda else not_there(),
        hip_built_version=not_there(),
        arch_list=found(tuple(codes)),
        cuda_available=found(cuda is not None),
        devices=found(()),
        cpu_capability=found("AVX2"),
        torchvision_installed_version=found("0.29.2"),
        torchvision_version=found("0.29.2"),
    )


def no_torch() -> Torch:
    """An interpreter without torch."""
    return Torch(
        installed_version=not_there(),
        torchvision_installed_version=not_there(),
        version=not_there("No module named 'torch'"),
    )


def python(**changes: Fact[Any]) -> PythonEnv:
    """Python 3.12 in a virtual environment."""
    venv = PythonEnv(
        executable=found(PYTHON),
        version=found("3.12.3"),
        environment=found("venv"),
        prefix=found("/home/ada/venv"),
        externally_managed=found(False),
        has_pip=found(True),
        distributions=found((Distribution(name="numpy", version="2.4.6"),)),
    )
    return msgspec.structs.replace(venv, **changes)


def driver(version: str = "580.95.05", **changes: Fact[Any]) -> Driver:
    """A driver whose halves agree."""
    whole = Driver(
        module_version=found(version),
        module_on_disk_version=found(version),
        module_kind=found("open"),
        nouveau_loaded=found(False),
        library_version=found(version),
    )
    return msgspec.structs.replace(whole, **changes)


def kernel_log(*events: Xid | KernelMessage, reaches_boot: bool = True) -> KernelLog:
    """A kernel's log that could be read, with these errors and messages in it."""
    return KernelLog(
        reaches_boot=found(reaches_boot),
        xids=found(tuple(event for event in events if isinstance(event, Xid))),
        messages=found(tuple(event for event in events if isinstance(event, KernelMessage))),
    )


def unreadable_log() -> KernelLog:
    """As an ordinary user finds it where kernel.dmesg_restrict is 1."""
    shut = Absent(Reason.NO_PERMISSION, "/dev/kmsg", "sudo dmesg shows it")
    return KernelLog(reaches_boot=shut, xids=shut, messages=shut)


def xid(code: int, bus_id: str = "0000:01:00.0", first_s: float = 900.0) -> Xid:
    """One error in the kernel's log."""
    text = f"NVRM: Xid (PCI:{bus_id[:-2]}): {code}, pid=1"
    return Xid(code=code, pci_bus_id=bus_id, count=1, first_s=first_s, text=text)


def message(id_: str, bus_id: str = "", argument: str = "") -> KernelMessage:
    """One line of the kernel's log that the table of messages knows."""
    return KernelMessage(
        id=id_, pci_bus_id=bus_id, argument=argument, count=1, first_s=7.0, text=f"NVRM: {id_}"
    )


def no_driver() -> Driver:
    """Nothing of NVIDIA's driver, in memory or on disk."""
    return Driver(
        module_version=not_there(),
        module_on_disk_version=not_there(),
        module_kind=not_there(),
        nouveau_loaded=found(False),
        library_version=not_there(),
    )


def nvml(*gpus: Gpu, version: str = "580.95.05", cuda: str = "13.0") -> Nvml:
    """A driver that answers."""
    return Nvml(
        driver_version=found(version),
        nvml_version=found(version),
        cuda_version=found(cuda),
        gpus=found(gpus),
    )


def nvml_refusing(refusal: Absent | Failed) -> Nvml:
    """A driver's library that refuses everything for one reason."""
    return Nvml(driver_version=refusal, nvml_version=refusal, cuda_version=refusal, gpus=refusal)


NO_LIBRARY = Absent(
    Reason.NOT_THERE, "dlopen libnvidia-ml.so.1", "libnvidia-ml.so.1: cannot open shared object"
)
NOT_LOADED = Absent(Reason.NOT_THERE, "NVML nvmlInitWithFlags", "Driver Not Loaded")
MISMATCH = Failed("Driver/library version mismatch", "NVML nvmlInitWithFlags")


def rtx_4090(**parts: Any) -> Rig:
    """A healthy desktop: RTX 4090, driver 580, the current torch; `parts` replace its own."""
    healthy = Rig(
        host=host(),
        cpu=Cpu(model=found("AMD Ryzen 9 7950X"), flags=found(ZEN_FLAGS)),
        memory=Memory(shm_total_bytes=found(32 * GIB), shm_free_bytes=found(32 * GIB)),
        pci=Pci(nvidia_gpus=found((card(),))),
        driver=driver(),
        kernel_log=kernel_log(),
        nvml=nvml(gpu()),
        python=python(),
        torch=torch(),
    )
    return msgspec.structs.replace(healthy, **parts)


def gtx_960(**parts: Any) -> Rig:
    """A GTX 960 on driver 580 with the one wheel that still serves it."""
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(name="GM206 [GeForce GTX 960]"),))),
        nvml=nvml(gpu(name="NVIDIA GeForce GTX 960", capability="5.2")),
        torch=torch("2.14.1+cu126", "12.6", CU126),
    )
    return msgspec.structs.replace(rig, **parts)


def v100(**parts: Any) -> Rig:
    """A V100 on driver 470 with a CUDA 11.8 wheel."""
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(name="GV100GL [Tesla V100 PCIe 16GB]"),))),
        driver=driver("470.256.02", module_kind=found("closed")),
        nvml=nvml(
            gpu(name="Tesla V100-PCIE-16GB", capability="7.0"), version="470.256.02", cuda="11.4"
        ),
        torch=msgspec.structs.replace(
            torch("2.6.0+cu118", "11.8", ("sm_37", *CU126)),
            torchvision_installed_version=found("0.21.0+cu118"),
            torchvision_version=found("0.21.0+cu118"),
        ),
    )
    return msgspec.structs.replace(rig, **parts)


def cpu_laptop(**parts: Any) -> Rig:
    """A laptop without an NVIDIA GPU and the CPU-only torch that suits it."""
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found(())),
        driver=no_driver(),
        nvml=nvml_refusing(NO_LIBRARY),
        torch=torch("2.15.0+cpu", None, ()),
    )
    return msgspec.structs.replace(rig, **parts)


def two_unlike(first: tuple[str, str], second: tuple[str, str], **parts: Any) -> Rig:
    """Two GPUs, each a name and a compute capability."""
    pairs = (first, second)
    buses = ("0000:01:00.0", "0000:41:00.0")
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found(tuple(card(bus, None) for bus in buses))),
        nvml=nvml(
            *(
                gpu(index, name, capability, bus)
                for index, ((name, capability), bus) in enumerate(zip(pairs, buses, strict=True))
            )
        ),
    )
    return msgspec.structs.replace(rig, **parts)


def torch_device(bus_id: str, capability: str = "9.0", name: str = "NVIDIA H200") -> TorchDevice:
    """A GPU as torch counts it."""
    return TorchDevice(
        device="cuda:0",
        name=name,
        pci_bus_id=found(bus_id),
        compute_capability=found(capability),
    )


def findings_of(rig: Rig, id_: str) -> tuple[Finding, ...]:
    """What the rules say of one bad state."""
    return tuple(finding for finding in judge(rig, ALL_PARTS) if finding.id == id_)


def finding_of(rig: Rig, id_: str) -> Finding:
    """The one finding of a bad state."""
    (finding,) = findings_of(rig, id_)
    return finding


def wrong_in(rig: Rig) -> list[str]:
    """The ids of everything that is called wrong."""
    bad = (Verdict.FAIL, Verdict.WARN)
    return [finding.id for finding in judge(rig, ALL_PARTS) if finding.verdict in bad]
