"""A GPU while our own training ran on it: what the rules of load judge."""

import msgspec

from rigcheck.facts import Found, Gpu, PciGpu, Rig, value_of
from rigcheck.findings import Evidence
from rigcheck.monitor.changes import GpuChanges
from rigcheck.monitor.sample import GpuSample

SOURCE = "NVML, under our own load"


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU while training ran on it, and at no other time."""

    gpu: Gpu
    card: PciGpu | None
    """As the bus shows it, where it does."""
    is_guest: bool
    """Under a hypervisor, which may show the guest another link than there is."""
    changes: GpuChanges
    readings: tuple[GpuSample, ...]
    pinned_bytes_per_s: float | None = None
    """What copies from pinned memory to the GPU reached; None where they were not measured."""

    def share(self, reason: str) -> float:
        """In which part of the samples under load this held the clocks back."""
        return next((t.share for t in self.changes.throttles if t.reason == reason), 0.0)

    @property
    def is_laptop(self) -> bool:
        """By the product's name."""
        return "Laptop" in (value_of(self.gpu.name) or "")


def watched(
    rig: Rig,
    changes: GpuChanges,
    readings: tuple[GpuSample, ...],
    pinned_bytes_per_s: float | None = None,
) -> Watched | None:
    """Joins what was measured to what is known of the GPU; None where it is not known."""
    gpu = next((g for g in value_of(rig.nvml.gpus) or () if changes.gpu in _identities(g)), None)
    if gpu is None:
        return None
    cards = value_of(rig.pci.nvidia_gpus) or ()
    place = value_of(gpu.pci_bus_id)
    return Watched(
        gpu=gpu,
        card=next((card for card in cards if card.pci_bus_id == place), None),
        is_guest=isinstance(rig.host.hypervisor, Found),
        changes=changes,
        readings=readings,
        pinned_bytes_per_s=pinned_bytes_per_s,
    )


def reasons(seen: Watched) -> tuple[Evidence, ...]:
    told = ", ".join(f"{t.reason} {t.share:.0%}" for t in seen.changes.throttles) or "nothing"
    return (Evidence(f"what held the clocks under load: {told}", SOURCE),)


def _identities(gpu: Gpu) -> tuple[str | None, ...]:
    return value_of(gpu.uuid), value_of(gpu.pci_bus_id)
