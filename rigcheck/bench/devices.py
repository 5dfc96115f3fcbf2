"""Which devices LeNet can be trained on, and which of them the user means."""

import dataclasses
from collections.abc import Sequence

from rigcheck.bench.plan import BenchDevice
from rigcheck.errors import UsageError
from rigcheck.facts import Gpu, Rig, TorchDevice, value_of

_UNKNOWN_CPU = "unknown model"
_UUID_PREFIX = "gpu-"


def bench_devices(rig: Rig) -> tuple[BenchDevice, ...]:
    """The CPU, then every accelerator that torch offers, in torch's order."""
    cpu = BenchDevice(
        device="cpu", label="CPU", name=value_of(rig.cpu.model) or _UNKNOWN_CPU, identity=""
    )
    accelerators = value_of(rig.torch.devices) or ()
    gpus = value_of(rig.nvml.gpus) or ()
    numbers = _numbers(accelerators, gpus)
    return (
        cpu,
        *(
            BenchDevice(
                device=device.device,
                label=f"GPU {number}",
                name=device.name,
                identity=_identity(device),
            )
            for device, number in zip(accelerators, numbers, strict=True)
        ),
    )


def choose_devices(devices: Sequence[BenchDevice], words: Sequence[str]) -> tuple[BenchDevice, ...]:
    """Those that the user's words name, in the order of `devices`; all where there is no word.

    A word is `cpu`, `gpu` (every accelerator), `all`, a label or its number (`GPU 0`, `0`), a name
    of torch's (`cuda:0`, `cuda` for all of them), or the beginning of a UUID or PCI bus id.

    Raises:
        UsageError: for a word that names none of them.
    """
    chosen = set[str]()
    for word in words or ("all",):
        named = [device.device for device in devices if _means(word.strip().lower(), device)]
        if not named:
            raise UsageError(
                f"no such device: {word}",
                hint="there is " + ", ".join(f"{d.device} ({d.label}, {d.name})" for d in devices),
            )
        chosen.update(named)
    return tuple(device for device in devices if device.device in chosen)


def priced(
    devices: Sequence[BenchDevice], prices: Sequence[tuple[str, float]]
) -> tuple[BenchDevice, ...]:
    """The devices with what each has cost; a later price for the same one counts.

    Args:
        devices: those of the run.
        prices: each with a word that means a device, as in `choose_devices`, or a part of its name.

    Raises:
        UsageError: for a word that means none of them.
    """
    costs: dict[str, float] = {}
    for word, price in prices:
        low = word.strip().lower()
        meant = [d.device for d in devices if _means(low, d) or (low and low in d.name.lower())]
        if not meant:
            raise UsageError(
                f"no device of this run is meant by the price of {word}",
                hint="there is " + ", ".join(f"{d.device} ({d.label}, {d.name})" for d in devices),
            )
        costs.update(dict.fromkeys(meant, price))
    return tuple(dataclasses.replace(d, price=costs.get(d.device)) for d in devices)


def _means(word: str, device: BenchDevice) -> bool:
    label, kind = device.label.lower(), device.device.partition(":")[0]
    if word in ("all", device.device, kind, label, label.replace(" ", "")):
        return True
    if kind == "cpu":
        return False
    identity = device.identity.lower()
    return word == "gpu" or word == label.partition(" ")[2] or _begins(identity, word)


def _begins(identity: str, word: str) -> bool:
    """A number alone is a device's, not the beginning of a UUID."""
    if not identity or word.isdigit() or not word:
        return False
    return identity.startswith(word) or identity.removeprefix(_UUID_PREFIX).startswith(word)


def _numbers(accelerators: Sequence[TorchDevice], gpus: Sequence[Gpu]) -> list[int]:
    """The number in each one's label: the driver's, as in nvidia-smi and in the rest of a report.

    The two are joined by identity. If one of them is unknown to the driver, torch's order counts.
    """
    of_driver = {
        identity: gpu.index
        for gpu in gpus
        for identity in (value_of(gpu.uuid), value_of(gpu.pci_bus_id))
        if identity
    }
    known = [of_driver.get(_identity(device)) for device in accelerators]
    numbers = [number for number in known if number is not None]
    return numbers if len(numbers) == len(known) else list(range(len(known)))


def _identity(device: TorchDevice) -> str:
    return value_of(device.uuid) or value_of(device.pci_bus_id) or ""
