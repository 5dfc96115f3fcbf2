"""Task: PyTorch and torchvision, asked the way a training script would meet them."""

from __future__ import annotations

from rigcheck.target.facts_wire import FactSender, error_text
from rigcheck.target.installed import installed_version
from rigcheck.target.mapped_files import send_mapped_files
from rigcheck.target.stages import Stages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rigcheck.target.wire import Wire

_CUDNN_9 = 90_000


def run(wire: Wire, arguments: dict[str, Any]) -> None:
    """Sends the facts of `rigcheck.facts.Torch`; each the moment it is known.

    What is cheap and harmless comes first: it stays if a later stage ends the process.
    """
    facts = FactSender(wire)
    stages = Stages(wire, facts)
    with stages.enter("metadata"):
        facts.ask("installed_version", "metadata on sys.path", lambda: installed_version("torch"))
        facts.ask(
            "torchvision_installed_version",
            "metadata on sys.path",
            lambda: installed_version("torchvision"),
        )
    torch = _import_torch(facts, stages)
    if torch is None:
        return
    # What only a torch that is there has to do with.
    from rigcheck.target.torch_work import tell_numpy, work_on

    facts.found("version", str(torch.__version__), "torch.__version__")
    send_mapped_files(wire)
    _tell_build(facts, torch)
    with stages.enter("device count"):
        _tell_cuda(facts, torch)
        facts.ask("devices", "torch.cuda.get_device_properties", lambda: _devices(torch))
    with stages.importing("torchvision"):
        _tell_torchvision(facts)
    with stages.enter("NumPy bridge"):
        tell_numpy(facts, torch)
    for device in ["cpu"] + [str(device["device"]) for device in devices_seen(torch)]:
        work_on(stages, torch, device)
    send_mapped_files(wire)


def _import_torch(facts: FactSender, stages: Stages) -> Any:
    try:
        with stages.importing("torch"):
            import torch
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        facts.absent("version", "not there", "import torch", str(error))
        return None
    return torch


def devices_seen(torch: Any) -> list[dict[str, Any]]:
    """As in the fact `devices`; none where they cannot be told."""
    try:
        return _devices(torch)
    except Exception:  # noqa: BLE001 -- told already, as the failure of the fact `devices`
        return []


def _tell_build(facts: FactSender, torch: Any) -> None:
    facts.ask("cuda_built_version", "torch.version.cuda", lambda: torch.version.cuda)
    facts.ask("hip_built_version", "torch.version.hip", lambda: torch.version.hip)
    facts.ask(
        "arch_list", "torch._C._cuda_getArchFlags()", lambda: _arch_list(torch)
    )  # torch.cuda.get_arch_list() is empty where no GPU is seen
    facts.ask("threads", "torch.get_num_threads()", torch.get_num_threads)
    facts.ask(
        "cpu_capability",
        "torch.backends.cpu.get_cpu_capability()",
        lambda: torch.backends.cpu.get_cpu_capability(),  # noqa: PLW0108 -- may not be there
    )
    facts.ask("blas", "torch.__config__.show()", lambda: _blas(torch.__config__.show()))


def _arch_list(torch: Any) -> list[str] | None:
    flags = getattr(torch._C, "_cuda_getArchFlags", None)  # noqa: SLF001 -- see `_tell_build`
    return None if flags is None else (flags() or "").split()


def _blas(config: str) -> str | None:
    for word in config.replace(",", " ").split():
        if word.startswith("BLAS_INFO="):
            return word[len("BLAS_INFO=") :]
    return None


def _tell_cuda(facts: FactSender, torch: Any) -> None:
    facts.ask(
        "cudnn_version",
        "torch.backends.cudnn.version()",
        lambda: cudnn_version_text(torch.backends.cudnn.version()),
    )
    facts.ask("nccl_version", "torch.cuda.nccl.version()", lambda: _nccl_version(torch))
    source = "torch.cuda.init()"
    if torch.version.cuda is None and torch.version.hip is None:
        facts.found("cuda_available", False, "torch.version.cuda")
        return
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.cuda.init()
            facts.found("cuda_available", bool(torch.cuda.is_available()), source)
    except Exception as error:  # noqa: BLE001 -- torch's own words are the fact
        facts.failed("cuda_available", error_text(error), source)


def cudnn_version_text(encoded: int | None) -> str | None:
    """`91002` → `9.10.2`, `8902` → `8.9.2`: the encoding changed with version 9.

    Source: NVIDIA/cudnn-frontend, include/cudnn_frontend_shim.h, `convert_version_to_str`.
    """
    if encoded is None:
        return None
    major_unit = 10_000 if encoded >= _CUDNN_9 else 1_000
    major, rest = divmod(encoded, major_unit)
    return "{}.{}.{}".format(major, rest // 100, rest % 100)


def _nccl_version(torch: Any) -> str | None:
    if not hasattr(torch._C, "_nccl_version"):  # noqa: SLF001 -- torch.cuda.nccl needs it
        return None
    return ".".join(str(part) for part in torch.cuda.nccl.version())


def _devices(torch: Any) -> list[dict[str, Any]]:
    """CUDA's (and ROCm's) devices in CUDA's order, then those of other backends."""
    devices = []
    if torch.cuda.is_available():
        devices += [_cuda_device(torch, index) for index in range(torch.cuda.device_count())]
    xpu = getattr(torch, "xpu", None)
    if xpu is not None and xpu.is_available():
        devices += [
            {"device": "xpu:{}".format(index), "name": xpu.get_device_name(index)}
            for index in range(xpu.device_count())
        ]
    mps = getattr(torch.backends, "mps", None)
    if mps is not None and mps.is_available():
        devices.append({"device": "mps", "name": "Apple GPU"})
    return devices


def _cuda_device(torch: Any, index: int) -> dict[str, Any]:
    source = "torch.cuda.get_device_properties({})".format(index)
    properties = torch.cuda.get_device_properties(index)

    def found(value: Any) -> dict[str, Any]:
        return {"state": "found", "value": value, "source": source}

    device = {
        "device": "cuda:{}".format(index),
        "name": properties.name,
        "compute_capability": found("{}.{}".format(properties.major, properties.minor)),
        "memory_total_bytes": found(properties.total_memory),
    }
    uuid = getattr(properties, "uuid", None)
    if uuid is not None:
        device["uuid"] = found(_uuid_text(str(uuid)))
    if hasattr(properties, "pci_bus_id"):
        device["pci_bus_id"] = found(
            "{:04x}:{:02x}:{:02x}.0".format(
                properties.pci_domain_id, properties.pci_bus_id, properties.pci_device_id
            )
        )
    return device


def _uuid_text(uuid: str) -> str:
    return uuid if uuid.startswith(("GPU-", "MIG-")) else "GPU-" + uuid


def _tell_torchvision(facts: FactSender) -> None:
    from rigcheck.target.torchvision_parts import torchvision_version

    source = "import torchvision"
    try:
        version = torchvision_version()
    except ModuleNotFoundError as error:
        if error.name == "torchvision":
            facts.absent("torchvision_version", "not there", source, str(error))
        else:
            facts.failed("torchvision_version", error_text(error), source)
    except Exception as error:  # noqa: BLE001 -- a torchvision of another torch raises anything
        facts.failed("torchvision_version", error_text(error), source)
    else:
        facts.found("torchvision_version", version, source)
