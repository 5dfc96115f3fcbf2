"""All that NVML tells of one GPU, in groups: one that hangs or crashes costs only what follows."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec

from rigcheck.facts import Absent, Found, Gpu, Reason
from rigcheck.gpu import health, identity, link, modes, numbers, power, slices
from rigcheck.gpu.driver import Handle
from rigcheck.gpu.memory import GpuMemory, bar1_total_bytes, memory, resizable_bar, unified
from rigcheck.gpu.processes import processes

Group: TypeAlias = Callable[[Handle, Gpu, Path], Gpu]
"""Adds its facts to those that are known of a GPU. The path is the file system's root."""


def read_identity(handle: Handle, gpu: Gpu, _: Path) -> Gpu:
    """What it is."""
    return msgspec.structs.replace(
        gpu,
        uuid=identity.uuid(handle),
        pci_bus_id=identity.pci_bus_id(handle),
        name=identity.name(handle),
        brand=identity.brand(handle),
        architecture=identity.architecture(handle),
        compute_capability=identity.compute_capability(handle),
        serial=identity.serial(handle),
        vbios_version=identity.vbios_version(handle),
        board_part_number=identity.board_part_number(handle),
    )


def read_memory(handle: Handle, gpu: Gpu, _: Path) -> Gpu:
    """Its own memory; whether it has any is known for sure once its processes are."""
    own = memory(handle)
    bar1 = bar1_total_bytes(handle)
    return msgspec.structs.replace(
        _with_memory(gpu, own),
        bar1_total_bytes=bar1,
        resizable_bar=resizable_bar(bar1, own.total),
    )


def read_link(handle: Handle, gpu: Gpu, _: Path) -> Gpu:
    """PCIe."""
    return msgspec.structs.replace(
        gpu,
        pcie_generation_now=link.pcie_generation_now(handle),
        pcie_generation_max=link.pcie_generation_max(handle),
        pcie_generation_card_max=link.pcie_generation_card_max(handle),
        pcie_width_now=link.pcie_width_now(handle),
        pcie_width_max=link.pcie_width_max(handle),
        pcie_replays=link.pcie_replays(handle),
    )


def read_power(handle: Handle, gpu: Gpu, _: Path) -> Gpu:
    """Power and its limits."""
    low, high = power.power_limit_range_w(handle)
    return msgspec.structs.replace(
        gpu,
        power_w=power.power_w(handle),
        power_limit_w=power.power_limit_w(handle),
        power_limit_default_w=power.power_limit_default_w(handle),
        power_limit_enforced_w=power.power_limit_enforced_w(handle),
        power_limit_min_w=low,
        power_limit_max_w=high,
    )


def read_clocks(handle: Handle, gpu: Gpu, _: Path) -> Gpu:
    """Clocks, and what holds them down."""
    return msgspec.structs.replace(
        gpu,
        graphics_clock_mhz=power.clock_mhz(handle, numbers.CLOCK_GRAPHICS),
        sm_clock_mhz=power.clock_mhz(handle, numbers.CLOCK_SM),
        memory_clock_mhz=power.clock_mhz(handle, numbers.CLOCK_MEMORY),
        video_clock_mhz=power.clock_mhz(handle, numbers.CLOCK_VIDEO),
        graphics_clock_max_mhz=power.clock_max_mhz(handle, numbers.CLOCK_GRAPHICS),
        sm_clock_max_mhz=power.clock_max_mhz(handle, numbers.CLOCK_SM),
        memory_clock_max_mhz=power.clock_max_mhz(handle, numbers.CLOCK_MEMORY),
        video_clock_max_mhz=power.clock_max_mhz(handle, numbers.CLOCK_VIDEO),
        clocks_event_reasons=power.clocks_event_reasons(handle),
    )


def read_heat(handle: Handle, gpu: Gpu, _: Path) -> Gpu:
    """Temperature, its thresholds, and the fans."""
    return msgspec.structs.replace(
        gpu,
        temperature_c=power.temperature_c(handle),
        temperature_shutdown_c=power.temperature_threshold_c(handle, numbers.THRESHOLD_SHUTDOWN),
        temperature_slowdown_c=power.temperature_threshold_c(handle, numbers.THRESHOLD_SLOWDOWN),
        temperature_max_c=power.temperature_threshold_c(handle, numbers.THRESHOLD_GPU_MAX),
        temperature_memory_max_c=power.temperature_threshold_c(
            handle, numbers.THRESHOLD_MEMORY_MAX
        ),
        temperature_margin_c=power.temperature_margin_c(handle),
        fan_percent=power.fan_percent(handle),
    )


def read_health(handle: Handle, gpu: Gpu, _: Path) -> Gpu:
    """Memory errors, and what the driver wants done."""
    ecc_now, ecc_later = health.ecc_mode(handle)
    corrected, uncorrected = numbers.ECC_CORRECTED, numbers.ECC_UNCORRECTED
    return msgspec.structs.replace(
        gpu,
        ecc_enabled=ecc_now,
        ecc_enabled_after_reboot=ecc_later,
        ecc_corrected_volatile=health.ecc_errors(handle, corrected, numbers.ECC_VOLATILE),
        ecc_uncorrected_volatile=health.ecc_errors(handle, uncorrected, numbers.ECC_VOLATILE),
        ecc_corrected_aggregate=health.ecc_errors(handle, corrected, numbers.ECC_AGGREGATE),
        ecc_uncorrected_aggregate=health.ecc_errors(handle, uncorrected, numbers.ECC_AGGREGATE),
        retired_pages_single_bit=health.retired_pages(handle, numbers.RETIRED_SINGLE_BIT),
        retired_pages_double_bit=health.retired_pages(handle, numbers.RETIRED_DOUBLE_BIT),
        retired_pages_pending=health.retired_pages_pending(handle),
        remapped_rows=health.remapped_rows(handle, gpu.brand, gpu.name),
        recovery_action=health.recovery_action(handle),
    )


def read_modes(handle: Handle, gpu: Gpu, _: Path) -> Gpu:
    """How the driver runs it."""
    return msgspec.structs.replace(
        gpu,
        display_attached=modes.display_attached(handle),
        display_active=modes.display_active(handle),
        persistence_mode=modes.persistence_mode(handle),
        compute_mode=modes.compute_mode(handle),
        addressing_mode=modes.addressing_mode(handle),
    )


def read_nvlinks(handle: Handle, gpu: Gpu, _: Path) -> Gpu:
    """NVLink: a call a link."""
    return msgspec.structs.replace(gpu, nvlinks=link.nvlinks(handle))


def read_slices(handle: Handle, gpu: Gpu, _: Path) -> Gpu:
    """MIG: several calls a slice."""
    now, later = slices.mig_mode(handle)
    return msgspec.structs.replace(
        gpu,
        mig_enabled=now,
        mig_enabled_after_reset=later,
        mig_instances=slices.mig_instances(handle, now),
    )


def read_processes(handle: Handle, gpu: Gpu, root: Path) -> Gpu:
    """Who uses it, and with that the memory of a GPU that shares the machine's."""
    users = processes(handle, root)
    gpu = msgspec.structs.replace(gpu, processes=users)
    shared = unified(memory(handle), users, root)
    is_unified = isinstance(shared.is_unified, Found) and shared.is_unified.value
    return _part_of_the_processor(_with_memory(gpu, shared)) if is_unified else gpu


CHEAP: dict[str, Group] = {
    "identity": read_identity,
    "memory": read_memory,
    "PCIe link": read_link,
    "power": read_power,
    "clocks": read_clocks,
    "temperatures": read_heat,
    "memory errors": read_health,
    "modes": read_modes,
}
"""Asked first, of every GPU."""

DEAR: dict[str, Group] = {
    "NVLinks": read_nvlinks,
    "MIG": read_slices,
    "processes": read_processes,
}
"""Asked once the cheap ones are known of all GPUs."""


def _with_memory(gpu: Gpu, told: GpuMemory) -> Gpu:
    return msgspec.structs.replace(
        gpu,
        memory_total_bytes=told.total,
        memory_reserved_bytes=told.reserved,
        memory_used_bytes=told.used,
        memory_available_bytes=told.available,
        memory_is_unified=told.is_unified,
    )


def _part_of_the_processor(gpu: Gpu) -> Gpu:
    """GB10 and Jetson tell "generation 1, one lane" of a link that they do not have."""
    none = Absent(Reason.NOT_APPLICABLE, gpu.memory_is_unified.source, "no card in a slot")
    names = [n for n in gpu.__struct_fields__ if n.startswith(("pcie_", "bar1_", "resizable_"))]
    return msgspec.structs.replace(gpu, **dict.fromkeys(names, none))
