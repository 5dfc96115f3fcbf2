"""Healthy machines with every fact that NVML tells of their cards, for the rules of health."""

from typing import Any

import msgspec

from rigcheck.facts import (
    Absent,
    Fact,
    Gpu,
    GpuProcess,
    Host,
    Pci,
    PciGpu,
    ProcessKind,
    Reason,
    RemappedRows,
    Rig,
    Torch,
)
from tests.rules.rigs import (
    GIB,
    card,
    driver,
    found,
    gpu,
    gtx_960,
    host,
    nvml,
    rtx_4090,
    torch,
)

NOT_SUPPORTED = Absent(Reason.NOT_SUPPORTED, "NVML", "Not Supported")
MIB = 1024**2


def process(
    used_bytes: int, kind: ProcessKind = ProcessKind.COMPUTE, pid: int = 4711
) -> GpuProcess:
    """Somebody on a GPU."""
    return GpuProcess(
        pid=pid, kind=kind, memory_used_bytes=found(used_bytes), name=found("python3")
    )


def full_4090(index: int = 0, bus_id: str = "0000:01:00.0", **facts: Fact[Any]) -> Gpu:
    """The only card of a desktop, with its display on it, at rest."""
    desktop = gpu(
        index,
        bus_id=bus_id,
        memory_total_bytes=found(24564 * MIB),
        memory_used_bytes=found(1400 * MIB),
        memory_is_unified=found(False),
        bar1_total_bytes=found(32 * GIB),
        resizable_bar=found(True),
        pcie_generation_now=found(1),
        pcie_generation_max=found(4),
        pcie_generation_card_max=found(4),
        pcie_width_now=found(16),
        pcie_width_max=found(16),
        power_limit_w=found(450.0),
        power_limit_default_w=found(450.0),
        power_limit_enforced_w=found(450.0),
        graphics_clock_max_mhz=found(3105),
        memory_clock_max_mhz=found(10501),
        clocks_event_reasons=found(("idle",)),
        ecc_enabled=NOT_SUPPORTED,
        ecc_uncorrected_volatile=NOT_SUPPORTED,
        retired_pages_pending=NOT_SUPPORTED,
        # This card answers so in place of "not supported".
        remapped_rows=found(
            RemappedRows(correctable=0, uncorrectable=0, pending=False, failure=False)
        ),
        mig_enabled=NOT_SUPPORTED,
        display_attached=found(True),
        display_active=found(True),
        persistence_mode=found(False),
        compute_mode=found("default"),
        vbios_version=found("95.02.3c.40.8f"),
        processes=found((process(900 * MIB, ProcessKind.GRAPHICS),)),
    )
    return msgspec.structs.replace(desktop, **facts)


def full_h100(index: int = 0, **facts: Fact[Any]) -> Gpu:
    """One of eight."""
    sxm = gpu(
        index,
        "NVIDIA H100 80GB HBM3",
        "9.0",
        h100_bus_id(index),
        memory_total_bytes=found(81559 * MIB),
        memory_used_bytes=found(4 * MIB),
        memory_is_unified=found(False),
        bar1_total_bytes=found(128 * GIB),
        resizable_bar=found(True),
        pcie_generation_max=found(5),
        pcie_width_max=found(16),
        power_limit_default_w=found(700.0),
        power_limit_enforced_w=found(700.0),
        graphics_clock_max_mhz=found(1980),
        memory_clock_max_mhz=found(2619),
        ecc_enabled=found(True),
        ecc_uncorrected_volatile=found(0),
        retired_pages_pending=NOT_SUPPORTED,
        remapped_rows=found(
            RemappedRows(correctable=0, uncorrectable=2, pending=False, failure=False)
        ),
        mig_enabled=found(False),
        display_attached=found(False),
        display_active=found(False),
        persistence_mode=found(True),
        compute_mode=found("default"),
        vbios_version=found("96.00.74.00.01"),
        processes=found(()),
    )
    return msgspec.structs.replace(sxm, **facts)


def h100_bus_id(index: int) -> str:
    """`0000:1b:00.0` and so on."""
    return f"0000:{0x1B + 0x10 * index:02x}:00.0"


def h100_cards(count: int = 8) -> tuple[PciGpu, ...]:
    """As the bus shows them."""
    return tuple(card(h100_bus_id(index), "GH100 [H100 SXM5 80GB]") for index in range(count))


def eight_h100(*gpus: Gpu, **parts: Any) -> Rig:
    """A DGX; `gpus` in place of its eight."""
    gpus = gpus or tuple(full_h100(index) for index in range(8))
    rig = desktop_4090(
        pci=Pci(nvidia_gpus=found(h100_cards()), nvswitches=found(4)),
        driver=driver(fabric_manager_running=found(True)),
        nvml=nvml(*gpus),
    )
    return msgspec.structs.replace(rig, **parts)


def desktop_4090(*gpus: Gpu, **parts: Any) -> Rig:
    """The desktop; `gpus` in place of its card."""
    return rtx_4090(**{"nvml": nvml(*(gpus or (full_4090(),))), **parts})


def wsl_2() -> Rig:
    """The desktop seen from WSL 2, whose driver tells less."""
    windows = Absent(Reason.NOT_APPLICABLE, "/proc", "under WSL the driver is that of Windows")
    unseen = Absent(Reason.NOT_SUPPORTED, "/proc", "under WSL a GPU is no PCI device")
    seen = full_4090(
        memory_used_bytes=found(11 * GIB),
        processes=found(()),
        display_attached=NOT_SUPPORTED,
        display_active=NOT_SUPPORTED,
        bar1_total_bytes=found(256 * MIB),
        resizable_bar=found(False),
    )
    return desktop_4090(
        host=host(wsl_version=found(2), hypervisor=found("Hyper-V")),
        pci=Pci(nvidia_gpus=unseen, nvswitches=unseen),
        driver=driver(
            "581.29",
            module_version=windows,
            module_on_disk_version=windows,
            module_kind=windows,
            library_path=found("/usr/lib/wsl/lib/libcuda.so.1"),
        ),
        nvml=nvml(seen, version="581.29"),
    )


def laptop_4090() -> Rig:
    """A laptop's card: no fan, no power limit, a small BAR1, a display that another GPU drives."""
    mobile = full_4090(
        name=found("NVIDIA GeForce RTX 4090 Laptop GPU"),
        memory_total_bytes=found(16376 * MIB),
        bar1_total_bytes=found(256 * MIB),
        resizable_bar=found(False),
        power_limit_default_w=NOT_SUPPORTED,
        power_limit_enforced_w=NOT_SUPPORTED,
        pcie_width_max=found(8),
        display_active=found(False),
        memory_used_bytes=found(12 * MIB),
        processes=found(()),
    )
    mobile_card = card(name="AD103M / GN21-X11 [GeForce RTX 4090 Laptop GPU]")
    return desktop_4090(mobile, pci=Pci(nvidia_gpus=found((mobile_card,)), nvswitches=found(0)))


def container_of_two_h100() -> Rig:
    """A container that was given two of the eight that its /sys shows."""
    return eight_h100(
        full_h100(2, persistence_mode=found(False)),
        full_h100(5, persistence_mode=found(False)),
        host=in_container(),
        driver=driver(module_on_disk_version=NOT_SUPPORTED, fabric_manager_running=found(False)),
    )


def in_container() -> Host:
    """Ubuntu in Docker, which hides the firmware."""
    return host(container=found("docker"), secure_boot=NOT_SUPPORTED)


def v100_on_580() -> Rig:
    """A V100 on the last branch that drives it."""
    return rtx_4090(
        pci=Pci(nvidia_gpus=found((card(name="GV100GL [Tesla V100 PCIe 16GB]"),))),
        driver=driver(module_kind=found("closed")),
        nvml=nvml(
            gpu(
                name="Tesla V100-PCIE-16GB",
                capability="7.0",
                memory_total_bytes=found(16384 * MIB),
                memory_used_bytes=found(4 * MIB),
                bar1_total_bytes=found(16 * GIB),
                resizable_bar=found(True),
                ecc_enabled=found(True),
                ecc_uncorrected_volatile=found(0),
                retired_pages_pending=found(False),
                remapped_rows=NOT_SUPPORTED,
                display_active=found(False),
                persistence_mode=found(False),
                processes=found(()),
            )
        ),
        torch=old_torch(),
    )


def full_960() -> Rig:
    """A GTX 960 of 4 GB with the desktop on it: the table's row is the one of 2 GB."""
    only = gpu(
        name="NVIDIA GeForce GTX 960",
        capability="5.2",
        memory_total_bytes=found(4096 * MIB),
        memory_used_bytes=found(500 * MIB),
        bar1_total_bytes=found(256 * MIB),
        resizable_bar=found(False),
        display_active=found(True),
        persistence_mode=found(False),
        processes=found((process(420 * MIB, ProcessKind.GRAPHICS),)),
        mig_enabled=NOT_SUPPORTED,
    )
    return gtx_960(nvml=nvml(only), driver=driver(module_kind=found("closed")))


def gb10() -> Rig:
    """A DGX Spark: the GPU's memory is the machine's, and its PCIe figures mean nothing."""
    spark = gpu(
        name="NVIDIA GB10",
        capability="12.1",
        bus_id="000f:01:00.0",
        memory_total_bytes=found(119 * GIB),
        memory_used_bytes=found(60 * GIB),
        memory_is_unified=found(True),
        pcie_generation_max=found(1),
        pcie_width_max=found(1),
        bar1_total_bytes=NOT_SUPPORTED,
        resizable_bar=NOT_SUPPORTED,
        display_active=found(False),
        persistence_mode=found(True),
        processes=found((process(59 * GIB),)),
    )
    spark_card = card("000f:01:00.0", "GB20B [GB10]")
    return desktop_4090(spark, pci=Pci(nvidia_gpus=found((spark_card,)), nvswitches=found(0)))


def old_torch() -> Torch:
    """The last torch with code for Volta."""
    codes = ("sm_50", "sm_60", "sm_70", "sm_75", "sm_80", "sm_86", "sm_90")
    return torch("2.14.1+cu126", "12.6", codes)
