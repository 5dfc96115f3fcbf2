"""The network compiled by `torch.compile`, and what that takes.

Inductor writes kernels that do several of torch's operators at once, in Triton's language for a GPU
and in C++ for a CPU. The backward comes with it: AOTAutograd compiles both, and
`torch.autograd.grad` finds the compiled one.
"""

from __future__ import annotations

import importlib.util
import os
from contextlib import contextmanager
from typing import Dict, Iterator

import torch
from torch import nn

from rigcheck.target.forms.static_step import Forward, forward_of

_TRITON_NEEDS = (7, 0)
"""Compute capability; https://triton-lang.org/main/getting-started/installation.html and
`torch._inductor.exc.GPUTooOldForTriton`."""


def compiled_forward(model: nn.Module) -> Forward:
    """Compiled when it is first called, which takes 10 to 60 seconds, for that size of batch."""
    forward: Forward = torch.compile(forward_of(model), fullgraph=True, dynamic=False)
    return forward


def why_not_compiled(device: torch.device) -> str:
    """What is known beforehand to be in the way, in words; empty where it may be tried."""
    if not hasattr(torch, "compile"):
        return "this torch has none"
    if device.type != "cuda":
        return ""
    if importlib.util.find_spec("triton") is None:
        return "Triton is not installed"
    found = torch.cuda.get_device_capability(device)
    # ROCm's numbers are not NVIDIA's.
    if torch.version.hip is None and found < _TRITON_NEEDS:
        return "Triton wants compute capability {}.{}, and this GPU has {}.{}".format(
            *_TRITON_NEEDS, *found
        )
    return ""


def compile_environment(folder: str) -> Dict[str, str]:
    """What makes torch keep all it compiles in `folder`, and compile in its own process.

    By itself it keeps them in the temporary directory for good, where the next run, and whatever
    else the user compiles, would find what this one left. And it starts a process a CPU to compile
    in, which stay and would be there while others are measured.
    """
    return {
        "TORCHINDUCTOR_CACHE_DIR": folder,
        "TRITON_CACHE_DIR": os.path.join(folder, "triton"),
        "TORCHINDUCTOR_FX_GRAPH_CACHE": "1",  # older releases do not keep all by default
        "TORCHINDUCTOR_COMPILE_THREADS": "1",
    }


@contextmanager
def compiling_in(folder: str) -> Iterator[None]:
    """Sets that environment, and takes it back. Inductor reads half of it when it is imported."""
    wanted = compile_environment(folder)
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
