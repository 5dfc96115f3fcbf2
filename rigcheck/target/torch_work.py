"""What torch does: an array from a tensor, a sum on each GPU, and the libraries it then has."""

import importlib.util
import re
from typing import Any, Dict, List, Optional

from rigcheck.target.facts_wire import FactSender, error_text
from rigcheck.target.wire import Wire

_CUDA_LIBRARY = re.compile(
    r"/(lib(?:cudart|cublas|cublasLt|cufft|curand|cusolver|cusparse|cusparseLt|cupti|nvrtc|nvJitLink"
    r"|nccl|cudnn\w*)(?:-[0-9a-f]{8})?\.so[.\d]*)$"
)
_SIZE = 8


def tell_work(wire: Wire, facts: FactSender, torch: Any) -> None:
    """The last facts to be sent: what comes before them stays if one of these ends the process."""
    wire.stage("a tensor to NumPy")
    facts.ask("numpy_works", "torch.ones(1).numpy()", lambda: _numpy_works(torch))
    wire.stage("first kernels")
    facts.ask("first_kernels", "torch.arange(8, device=…).sum()", lambda: _first_kernels(torch))
    wire.stage("loaded libraries")
    facts.ask("loaded_libraries", "/proc/self/maps", _loaded_libraries)


def _numpy_works(torch: Any) -> Optional[bool]:
    if importlib.util.find_spec("numpy") is None:
        return None
    return float(torch.ones(1).numpy()[0]) == 1.0


def _first_kernels(torch: Any) -> List[Dict[str, str]]:
    if torch.version.cuda is None or not torch.cuda.is_available():
        return []
    devices = ["cuda:{}".format(index) for index in range(torch.cuda.device_count())]
    return [{"device": device, "error": _first_error(torch, device)} for device in devices]


def _first_error(torch: Any, device: str) -> str:
    try:
        total = int(torch.arange(_SIZE, device=device).sum().item())
    except Exception as error:  # noqa: BLE001 -- torch's own words are the fact
        return error_text(error)
    wanted = sum(range(_SIZE))
    return "" if total == wanted else "the sum is {} and not {}".format(total, wanted)


def _loaded_libraries() -> Optional[List[Dict[str, str]]]:
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
            return parse_maps(maps.read())
    except FileNotFoundError:
        return None


def parse_maps(text: str) -> List[Dict[str, str]]:
    """CUDA's libraries in /proc/PID/maps, each file once; the path is its sixth column."""
    paths = {line.split(None, 5)[5] for line in text.splitlines() if line.count("/") > 0}
    found = ((path, _CUDA_LIBRARY.search(path)) for path in sorted(paths))
    return [{"name": match.group(1), "path": path} for path, match in found if match]
