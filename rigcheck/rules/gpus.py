"""The GPUs of a rig, joined from PCI, NVML and torch by UUID or PCI bus id, never by index."""

import functools

import msgspec

from rigcheck.facts import (
    NOT_ASKED,
    Absent,
    Fact,
    Found,
    Gpu,
    PciGpu,
    Reason,
    Rig,
    TorchDevice,
    is_known_absent,
    value_of,
)
from rigcheck.knowledge import gpu_arch


class KnownGpu(msgspec.Struct, frozen=True, kw_only=True):
    """One NVIDIA GPU, whoever saw it."""

    subject: str
    """`GPU 0` (NVML's index), `cuda:0`, or the PCI bus id."""
    name: Fact[str]
    uuid: str | None = None
    is_hidden: bool = False
    """torch sees others and not this one: CUDA_VISIBLE_DEVICES keeps it out."""
    compute_capability: Fact[str]
    """Of the driver, else torch, else of the table by its name; the source says which."""

    @property
    def text(self) -> str:
        """`NVIDIA GeForce GTX 960 (5.2)`."""
        name = value_of(self.name) or self.subject
        capability = value_of(self.compute_capability)
        return f"{name} ({capability})" if capability else name

    @property
    def architecture(self) -> str | None:
        """`Maxwell`."""
        row = gpu_arch.capability_row(value_of(self.compute_capability) or "")
        return row.architecture if row else None


def known_gpus(rig: Rig) -> tuple[KnownGpu, ...]:
    """Every NVIDIA GPU that this system may use, each once.

    torch's devices count where they are known already; a rule that does not need them is not to
    wait for torch.
    """
    devices = torch_devices(rig)
    nvml = value_of(rig.nvml.gpus) or ()
    gpus = [_from_nvml(gpu, devices) for gpu in nvml]
    if not nvml:
        gpus += [_from_torch(device) for device in devices]
    seen = {value_of(fact) for fact in _bus_ids(nvml, devices)}
    if None not in seen:
        gpus += [_from_pci(card) for card in usable_cards(rig) if card.pci_bus_id not in seen]
    return tuple(gpus)


def usable_cards(rig: Rig) -> tuple[PciGpu, ...]:
    """The cards on the bus but those handed to a virtual machine."""
    cards = value_of(rig.pci.nvidia_gpus) or ()
    return tuple(c for c in cards if not (value_of(c.kernel_driver) or "").startswith("vfio"))


def driver_version(rig: Rig) -> Fact[str]:
    """Of the driver that runs: as it says itself, else as the loaded kernel module is marked."""
    if isinstance(rig.nvml.driver_version, Found):
        return rig.nvml.driver_version
    return rig.driver.module_version


def nvml_says(rig: Rig, words: str) -> Fact[str] | None:
    """The NVML fact whose refusal holds these words of NVML; None if none does."""
    facts: tuple[Fact[str], ...] = (rig.nvml.driver_version, rig.nvml.cuda_version)
    for fact in facts:
        if words in (getattr(fact, "detail", "") or getattr(fact, "error", "")).lower():
            return fact
    return None


def driver_is_missing(rig: Rig) -> bool:
    """True where it is known that no driver answers: no module, and NVML is not there."""
    return is_known_absent(rig.driver.module_version) and not isinstance(
        rig.nvml.driver_version, Found
    )


def torch_devices(rig: Rig) -> tuple[TorchDevice, ...]:
    """NVIDIA's GPUs as torch counts them; ROCm's are called cuda, too, and are not."""
    if isinstance(rig.torch.hip_built_version, Found):
        return ()
    devices = value_of(rig.torch.devices) or ()
    return tuple(device for device in devices if device.device.startswith("cuda"))


def _bus_ids(nvml: tuple[Gpu, ...], devices: tuple[TorchDevice, ...]) -> list[Fact[str]]:
    return [g.pci_bus_id for g in nvml] if nvml else [d.pci_bus_id for d in devices]


def _from_nvml(gpu: Gpu, devices: tuple[TorchDevice, ...]) -> KnownGpu:
    twin = next((device for device in devices if _is_same(gpu, device)), None)
    facts = (gpu.compute_capability, twin.compute_capability if twin else NOT_ASKED)
    return KnownGpu(
        subject=f"GPU {gpu.index}",
        name=gpu.name,
        uuid=value_of(gpu.uuid),
        is_hidden=twin is None and bool(devices) and all(map(_has_identity, devices)),
        compute_capability=_capability(facts, gpu.name),
    )


def _from_torch(device: TorchDevice) -> KnownGpu:
    name = Found(device.name, "torch.cuda.get_device_properties()")
    return KnownGpu(
        subject=device.device,
        name=name,
        uuid=value_of(device.uuid),
        compute_capability=_capability((device.compute_capability,), name),
    )


def _from_pci(card: PciGpu) -> KnownGpu:
    return KnownGpu(
        subject=card.pci_bus_id, name=card.name, compute_capability=_capability((), card.name)
    )


def _has_identity(device: TorchDevice) -> bool:
    return isinstance(device.uuid, Found) or isinstance(device.pci_bus_id, Found)


def _is_same(gpu: Gpu, device: TorchDevice) -> bool:
    pairs = ((gpu.uuid, device.uuid), (gpu.pci_bus_id, device.pci_bus_id))
    return any(value_of(a) is not None and value_of(a) == value_of(b) for a, b in pairs)


def _capability(facts: tuple[Fact[str], ...], name: Fact[str]) -> Fact[str]:
    for fact in facts:
        if isinstance(fact, Found):
            return fact
    row = _row_of(name.value) if isinstance(name, Found) else None
    if row is not None:
        return Found(row.capability, f"by its name: {row.source}, read {row.checked}")
    return facts[0] if facts else Absent(Reason.NOT_THERE, name.source, "name not in the tables")


# Every rule asks for the GPUs, and a name is looked up in the whole table.
_row_of = functools.lru_cache(maxsize=256)(gpu_arch.capability_of_name)
