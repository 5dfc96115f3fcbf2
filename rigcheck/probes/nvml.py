"""What the driver says of itself and its GPUs, through NVML.

Asked in a child: a driver can crash whoever calls it, or never answer.
"""

import sys
from pathlib import Path
from typing import Any

import msgspec

from rigcheck.child import Child, Death
from rigcheck.facts import Failed, Found, Gpu, Nvml
from rigcheck.launching import Launch, TaskProcess
from rigcheck.nvml_library import LIBRARY
from rigcheck.nvml_refusal import parse_loader_error
from rigcheck.probes import tasks
from rigcheck.probes.probe import Probe, ProbeContext, fill_unasked

# Without persistence mode each GPU takes seconds to wake; eight were seen to take half a minute.
_TIME_LIMIT_S = 45.0


def read_nvml(
    library: str | None = None,
    root: Path = Path("/"),
    time_limit_s: float = _TIME_LIMIT_S,
    launch: Launch = TaskProcess,
) -> Nvml:
    """What the driver told before it was done, died or ran out of time.

    Args:
        library: NVML's file; None for the loader's choice.
        root: where /proc is.
        time_limit_s: for all of it.
        launch: gives the child's process.

    Raises:
        OSError: if the child cannot be started.
    """
    part = Nvml()
    arguments = tasks.nvml_arguments(library, root)
    with Child(sys.executable, tasks.NVML, arguments, launch=launch) as child:
        for event in child.events(time_limit_s):
            part = _with_news(part, event, library or LIBRARY)
    return part if child.death is None else _cut_short(part, child.death)


def _with_news(part: Nvml, event: dict[str, Any], library: str) -> Nvml:
    if event["event"] == "refused":
        return fill_unasked(part, parse_loader_error(event["words"], library))
    if event["event"] == "nvml":
        return msgspec.convert(event["part"], Nvml)
    if event["event"] == "gpu" and isinstance(part.gpus, Found):
        told = msgspec.convert(event["gpu"], Gpu)
        gpus = tuple(told if gpu.index == told.index else gpu for gpu in part.gpus.value)
        return msgspec.structs.replace(part, gpus=Found(gpus, part.gpus.source))
    return part


def _cut_short(part: Nvml, death: Death) -> Nvml:
    why = Failed(death.reason, death.stage)
    if isinstance(part.gpus, Found):
        gpus = tuple(fill_unasked(gpu, why) for gpu in part.gpus.value)
        part = msgspec.structs.replace(part, gpus=Found(gpus, part.gpus.source))
    return fill_unasked(part, why)


def _run(context: ProbeContext) -> Nvml:
    return read_nvml(context.nvml_library, context.root, launch=context.launch)


PROBE = Probe(
    part="nvml",
    title="NVIDIA GPUs",
    # Longer than the child's own limit, whose reason says more.
    time_limit_s=_TIME_LIMIT_S + 10,
    run=_run,
)
