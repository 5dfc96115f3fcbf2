"""MIG: the slices that a GPU is cut into."""

from rigcheck.facts import Absent, Fact, Found, MigInstance, Reason
from rigcheck.gpu import identity
from rigcheck.gpu.driver import Handle
from rigcheck.gpu.memory import memory
from rigcheck.nvml import ask, unchanged


def mig_mode(gpu: Handle) -> tuple[Fact[bool], Fact[bool]]:
    """Now, and after the next reset."""
    modes = ask("nvmlDeviceGetMigMode", gpu, take=list)
    if not isinstance(modes, Found):
        return modes, modes
    now, later = (Found(bool(mode), modes.source) for mode in modes.value)
    return now, later


def mig_instances(gpu: Handle, enabled: Fact[bool]) -> Fact[tuple[MigInstance, ...]]:
    """Those there are; slots may be empty between them."""
    if not isinstance(enabled, Found):
        return enabled
    if not enabled.value:
        return Absent(Reason.NOT_APPLICABLE, enabled.source, "MIG is off")
    slots = ask("nvmlDeviceGetMaxMigDeviceCount", gpu, take=int)
    if not isinstance(slots, Found):
        return slots
    handles = [_handle(gpu, slot) for slot in range(slots.value)]
    there = tuple(_instance(handle.value) for handle in handles if isinstance(handle, Found))
    refused = next((h for h in handles if not isinstance(h, Found) and not _is_empty(h)), None)
    return refused if refused is not None and not there else Found(there, handles[0].source)


def _handle(gpu: Handle, slot: int) -> Fact[Handle]:
    return ask("nvmlDeviceGetMigDeviceHandleByIndex", gpu, slot, take=unchanged)


def _is_empty(handle: Fact[Handle]) -> bool:
    return isinstance(handle, Absent) and handle.reason is Reason.NOT_THERE


def _instance(handle: Handle) -> MigInstance:
    own = memory(handle)
    return MigInstance(
        uuid=identity.uuid(handle),
        gpu_instance=ask("nvmlDeviceGetGpuInstanceId", handle, take=int),
        compute_instance=ask("nvmlDeviceGetComputeInstanceId", handle, take=int),
        multiprocessors=ask(
            "nvmlDeviceGetAttributes", handle, take=lambda told: int(told.multiprocessorCount)
        ),
        memory_total_bytes=own.total,
        memory_used_bytes=own.used,
    )
