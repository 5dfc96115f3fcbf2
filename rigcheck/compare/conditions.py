"""What is known of a device while it trained, as far as it bears upon its speed."""

import dataclasses

from rigcheck.bench.grounds import grounds_of
from rigcheck.bench.result import BenchRun, DeviceRun
from rigcheck.bench.stretches import samples_within, stretches
from rigcheck.facts import Gpu, Rig, value_of
from rigcheck.monitor.changes import gpu_changes


@dataclasses.dataclass(frozen=True, kw_only=True)
class Conditions:
    """One device in one run. None, or an empty text: it is not known, or does not apply."""

    is_gpu: bool = False
    driver: str | None = None
    torch: str | None = None
    cudnn: str | None = None
    kernel: str | None = None
    python: str | None = None
    cpu_kernels: str | None = None
    """What torch's CPU kernels dispatch to."""
    link_generation: int | None = None
    """PCIe, the highest under load; where no meter told, what card and slot reach."""
    link_width: int | None = None
    """Lanes, in the same manner."""
    power_limit_w: float | None = None
    """The one in force."""
    clock_mhz: float | None = None
    """Of its multiprocessors, the highest under load."""
    held_by: str = ""
    """The reason, beyond those of a healthy card, for which its clocks were low."""
    held_share: float = 0.0
    """Of the samples under load, in which part that was told."""
    ecc_enabled: bool | None = None
    mig_enabled: bool | None = None
    other_gpu_programs: int | None = None
    """That computed on it when the run began."""
    others_cores: float | None = None
    """Cores' worth of time that other programs took, the median."""
    threads: int | None = None
    """Of the mathematics on a CPU."""
    usable_threads: int | None = None
    """CPUs that the process might run on."""
    quota_cpus: float | None = None
    """CPU time that the control group grants."""
    governor: str | None = None


def conditions_of(rig: Rig, bench: BenchRun, run: DeviceRun) -> Conditions:
    """Put together from the facts and from what was sampled while it trained."""
    told = Conditions(
        is_gpu=run.device != "cpu",
        torch=run.torch_version or None,
        kernel=value_of(rig.host.kernel_release),
        python=value_of(rig.python.version),
        others_cores=grounds_of(rig, bench, run).others_cpus,
    )
    return _of_gpu(told, rig, bench, run) if told.is_gpu else _of_cpu(told, rig, run)


def _of_cpu(told: Conditions, rig: Rig, run: DeviceRun) -> Conditions:
    return dataclasses.replace(
        told,
        threads=run.threads,
        cpu_kernels=value_of(rig.torch.cpu_capability),
        usable_threads=value_of(rig.cpu.usable_threads),
        quota_cpus=value_of(rig.cpu.quota_cpus),
        governor=value_of(rig.cpu.governor),
    )


def _of_gpu(told: Conditions, rig: Rig, bench: BenchRun, run: DeviceRun) -> Conditions:
    told = dataclasses.replace(
        told,
        driver=value_of(rig.nvml.driver_version) or value_of(rig.driver.module_version),
        cudnn=value_of(rig.torch.cudnn_version),
    )
    gpu = find_gpu(rig, run.identity)
    if gpu is None:
        return told
    grounds = grounds_of(rig, bench, run)
    generation, width = _link(bench, run, gpu)
    return dataclasses.replace(
        told,
        link_generation=generation,
        link_width=width,
        power_limit_w=value_of(gpu.power_limit_enforced_w),
        clock_mhz=grounds.clock_mhz,
        held_by=grounds.held_by,
        held_share=grounds.held_share or 0.0,
        ecc_enabled=value_of(gpu.ecc_enabled),
        mig_enabled=value_of(gpu.mig_enabled),
        other_gpu_programs=grounds.other_gpu_programs,
    )


def find_gpu(rig: Rig, identity: str) -> Gpu | None:
    """The GPU of this identity, as NVML tells it."""
    for gpu in value_of(rig.nvml.gpus) or ():
        if identity in (value_of(gpu.uuid), value_of(gpu.pci_bus_id)):
            return gpu
    return None


def _link(bench: BenchRun, run: DeviceRun, gpu: Gpu) -> tuple[int | None, int | None]:
    """At rest a healthy card lowers its link: only load tells what it has."""
    during = samples_within(bench.samples, stretches(run.blocks))
    seen = next((c for c in gpu_changes(during) if c.gpu == run.identity), None)
    if seen is not None and seen.pcie_width_max is not None:
        return seen.pcie_generation_max, seen.pcie_width_max
    return value_of(gpu.pcie_generation_max), value_of(gpu.pcie_width_max)
