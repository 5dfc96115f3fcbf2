"""Which GPU code runs on which GPU: the binary rules of CUDA.

Machine code (`sm_86`) runs on its own compute capability and on later minors of the same major;
PTX (`compute_80`) is compiled by the driver for any later GPU, slowly at first use. Integrated
GPUs stand apart until the CUDA that joins them to the others. Code with an `a` runs on exactly its
own capability, with an `f` within its family.

Source: CUDA C++ Programming Guide, "Binary Compatibility" and "Architecture-Specific Features";
DEVICE_REQUIREMENT in torch/cuda/__init__.py of torch 2.15.
"""

import re
from collections.abc import Iterable
from typing import TypeAlias

import msgspec

from rigcheck import versions
from rigcheck.knowledge import gpu_arch

Capability: TypeAlias = tuple[int, int]

_CODE = re.compile(r"(sm|compute)_(\d+)(\d)([af]?)")


class Code(msgspec.Struct, frozen=True):
    """One entry of `torch.cuda.get_arch_list()`."""

    name: str
    is_ptx: bool
    capability: Capability
    suffix: str = ""


def parse_code(name: str) -> Code | None:
    """`sm_120a` → machine code for 12.0 exactly; None for what is no CUDA code (`gfx90a`)."""
    match = _CODE.fullmatch(name)
    if match is None:
        return None
    kind, major, minor, suffix = match.groups()
    return Code(name, kind == "compute", (int(major), int(minor)), suffix)


def parse_capability(text: str) -> Capability:
    """`8.9` → (8, 9).

    Raises:
        ValueError: if it is not two numbers.
    """
    major, minor = versions.release(text)
    return major, minor


def best_code(names: Iterable[str], capability: str, cuda: str | None) -> Code | None:
    """The code that a GPU would run: machine code before PTX, the nearest of each; None if none.

    Args:
        names: as in `torch.cuda.get_arch_list()`.
        capability: the GPU's, `8.9`.
        cuda: the CUDA the code was built with; None where it is not known.

    Raises:
        ValueError: if `capability` is not one.
    """
    device = parse_capability(capability)
    codes = [code for code in map(parse_code, names) if code is not None]
    fitting = [code for code in codes if _runs_on(code, device, cuda)]
    return max(fitting, key=lambda code: (not code.is_ptx, code.capability), default=None)


def first_cuda_for(capability: str) -> str | None:
    """The first CUDA whose machine code runs on this GPU; None where the tables do not tell.

    It may be older than the first that knows the GPU: code for 8.0 (CUDA 11.0) runs on 8.6.

    Raises:
        ValueError: if `capability` is not one.
    """
    device = parse_capability(capability)
    if _row(device) is None:
        return None
    firsts = [
        row.first_cuda
        for row in gpu_arch.table().capability
        if _runs_on(Code(row.capability, False, parse_capability(row.capability)), device, None)
    ]
    return min(firsts, key=versions.release, default=None)


def _runs_on(code: Code, device: Capability, cuda: str | None) -> bool:
    target = _today(code.capability)
    if target == device:
        return True
    if code.suffix == "a":
        return False
    same_family = target[0] == device[0] and target[1] <= device[1]
    if code.suffix == "f":
        return same_family
    if code.is_ptx:
        return target <= device
    return same_family and not _apart(target, device, cuda)


def _apart(target: Capability, device: Capability, cuda: str | None) -> bool:
    """Whether one of two capabilities of a major is an integrated GPU's that stands apart."""
    if _row(target) is not None and _is_integrated(target):
        return True
    row = _row(device)
    if row is None or not row.integrated:
        return False
    joined = row.joins_from_cuda
    return not (joined and cuda is not None and versions.at_least(cuda, joined))


def _is_integrated(capability: Capability) -> bool:
    row = _row(capability)
    return row is not None and row.integrated


def _row(capability: Capability) -> gpu_arch.Capability | None:
    return gpu_arch.capability_row(_text(capability))


def _today(capability: Capability) -> Capability:
    """The capability under today's name: 10.1 became 11.0 with CUDA 13."""
    for row in gpu_arch.table().capability:
        if row.formerly == _text(capability):
            return parse_capability(row.capability)
    return capability


def _text(capability: Capability) -> str:
    return f"{capability[0]}.{capability[1]}"
