"""All probes, in the order in which people read them.

Those that ask a child are light, and loaded with this list. Those that read the machine themselves
are loaded by their own thread when they run: by then the children, which take longest, are at work.
"""

import importlib
from collections.abc import Callable

from rigcheck.facts import Part
from rigcheck.probes import compiling, environment, frameworks, nvml, python_env, torch, vram
from rigcheck.probes.probe import Probe, ProbeContext

_FILES_LIMIT_S = 5.0
_NETWORK_LIMIT_S = 10.0
_TOOLS_LIMIT_S = 15.0
"""Longer than any tool is given that these probes start, so that the tool's own reason is told."""


def _later(module: str, function: str) -> Callable[[ProbeContext], Part]:
    def run(context: ProbeContext) -> Part:
        read: Callable[[ProbeContext], Part] = getattr(
            importlib.import_module(f"rigcheck.probes.{module}"), function
        )
        return read(context)

    return run


def _reading(part: str, title: str, time_limit_s: float) -> Probe:
    return Probe(
        part=part,
        title=title,
        time_limit_s=time_limit_s,
        run=_later(part, f"read_{part}"),
        takes_turns=True,
    )


PROBES: tuple[Probe, ...] = (
    _reading("pci", "PCI bus", _FILES_LIMIT_S),
    _reading("driver", "NVIDIA driver", _TOOLS_LIMIT_S),
    _reading("kernel_log", "Kernel log", _TOOLS_LIMIT_S),
    nvml.PROBE,
    torch.PROBE,
    python_env.PROBE,
    frameworks.PROBE,
    compiling.PROBE,
    vram.PROBE,
    _reading("toolkit", "CUDA toolkits", _TOOLS_LIMIT_S),
    environment.PROBE,
    _reading("cpu", "CPU", _TOOLS_LIMIT_S),
    _reading("memory", "Memory", _FILES_LIMIT_S),
    _reading("storage", "Storage", _FILES_LIMIT_S),
    _reading("network", "Network", _NETWORK_LIMIT_S),
    _reading("host", "Host", _FILES_LIMIT_S),
)
