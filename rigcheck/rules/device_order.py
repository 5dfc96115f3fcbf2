"""Several GPUs, or several parts of one: in which order, and how many a process gets."""

from collections.abc import Iterator

from rigcheck.facts import Gpu, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.gpus import torch_devices
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said

_VARIABLES = (
    "https://docs.nvidia.com/cuda/cuda-programming-guide/05-appendices/environment-variables.html"
)
_PARTS = ("host", "nvml", "torch", "environment")


@rule("mixed-gpus-index-order", group="environment", needs=_PARTS, link=_VARIABLES)
def mixed_gpus_index_order(rig: Rig) -> Iterator[Judgement]:
    """Unlike GPUs are numbered differently by CUDA and by nvidia-smi, so an index names another.

    CUDA puts the fastest first, NVML goes along the PCI bus. The order that torch has is held
    against NVML's, GPU by GPU, by bus id or UUID. With CUDA_DEVICE_ORDER=PCI_BUS_ID they agree.
    """
    order, gpus = rig.environment.cuda_device_order, value_of(rig.nvml.gpus) or ()
    names = {value_of(gpu.name) for gpu in gpus}
    theirs = [_place(rig, index) for index in range(len(torch_devices(rig)))]
    known = [place for place in theirs if place is not None]
    evidence = (
        told("CUDA_DEVICE_ORDER", order),
        Evidence(f"NVML: {_list([value_of(g.name) for g in gpus])}", rig.nvml.gpus.source),
        Evidence(f"torch: {_list([d.name for d in torch_devices(rig)])}", rig.torch.devices.source),
    )
    if len(names) < 2:  # noqa: PLR2004 -- one kind of GPU is in any order
        yield skipped("there are no unlike GPUs", told("NVML", rig.nvml.driver_version))
    elif value_of(order) == "PCI_BUS_ID":
        yield passed("CUDA counts along the PCI bus, as nvidia-smi does", *evidence)
    elif len(known) < 2:  # noqa: PLR2004 -- an order needs two
        yield skipped("in which order CUDA counts the GPUs is not known", *evidence)
    elif known == sorted(known):
        yield passed("torch and nvidia-smi count the GPUs alike", *evidence)
    else:
        yield _differs(evidence)


def _place(rig: Rig, index: int) -> int | None:
    """NVML's index of torch's device `index`."""
    device = torch_devices(rig)[index]
    for gpu in value_of(rig.nvml.gpus) or ():
        pairs = ((gpu.uuid, device.uuid), (gpu.pci_bus_id, device.pci_bus_id))
        if any(value_of(a) is not None and value_of(a) == value_of(b) for a, b in pairs):
            return gpu.index
    return None


def _list(names: list[str | None]) -> str:
    return ", ".join(f"{i} {name or '?'}" for i, name in enumerate(names)) or "none"


def _differs(evidence: tuple[Evidence, ...]) -> Judgement:
    return Judgement(
        verdict=Verdict.WARN,
        headline="torch counts the GPUs in another order than nvidia-smi: an index names another",
        evidence=evidence,
        remedy=Remedy(
            text="Let CUDA count along the bus, as nvidia-smi does, or name GPUs by UUID",
            commands=("export CUDA_DEVICE_ORDER=PCI_BUS_ID",),
            verify="rigcheck check --only environment --only torch --only nvml",
        ),
    )


@rule(
    "mig-one-instance-per-process",
    group="nvml",
    needs=_PARTS,
    link="https://docs.nvidia.com/datacenter/tesla/mig-user-guide/",
)
def mig_one_instance_per_process(rig: Rig) -> Iterator[Judgement]:
    """A GPU is cut into MIG instances, of which CUDA gives a process one, and no other GPU.

    A program that wants several of them finds one device or fails at a device index. Each process
    is to be told its instance by the UUID in CUDA_VISIBLE_DEVICES; one that is told one is right.
    """
    cut = [g for g in value_of(rig.nvml.gpus) or () if value_of(g.mig_enabled)]
    variable = rig.environment.cuda_visible_devices
    words = tuple(map(said, met(rig, "device-index-assert")))
    named = [entry for entry in (value_of(variable) or "").split(",") if entry]
    evidence = (*words, *(_mig(gpu) for gpu in cut), told("CUDA_VISIBLE_DEVICES", variable))
    if not cut:
        yield skipped("no GPU is known to be cut into MIG instances", *words)
    elif len(named) == 1 and named[0].startswith("MIG-") and not words:
        yield passed("this process is given one MIG instance", *evidence)
    else:
        which = ", ".join(f"GPU {gpu.index}" for gpu in cut)
        yield Judgement(
            verdict=Verdict.WARN,
            headline=f"MIG is on ({which}): a process gets one instance and no other GPU",
            evidence=evidence,
            remedy=_one_each(),
        )


def _mig(gpu: Gpu) -> Evidence:
    return told(f"GPU {gpu.index} cut into MIG instances", gpu.mig_enabled)


def _one_each() -> Remedy:
    return Remedy(
        text="Start one process an instance and name its instance in CUDA_VISIBLE_DEVICES "
        "(nvidia-smi -L lists them). To use a GPU whole, switch MIG off; that ends what runs on it",
        commands=("nvidia-smi -L", "CUDA_VISIBLE_DEVICES=MIG-… python YOUR_SCRIPT"),
        verify="rigcheck check --only nvml --only torch",
    )
