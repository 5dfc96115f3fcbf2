"""What the driver says of itself and its GPUs, through NVML.

Asked in a child: a driver can crash whoever calls it, or never answer.
"""

import sys

import msgspec

from rigcheck.child import Child, Death
from rigcheck.facts import Failed, Found, Nvml
from rigcheck.probes.probe import Probe, ProbeContext, fill_unasked

_TASK = "rigcheck.probes.nvml_task"
# Without persistence mode each GPU takes seconds to wake; eight were seen to take half a minute.
_TIME_LIMIT_S = 45.0


def read_nvml(time_limit_s: float = _TIME_LIMIT_S) -> Nvml:
    """What the driver told before it was done, died or ran out of time.

    Raises:
        OSError: if the child cannot be started.
    """
    part = Nvml()
    with Child(sys.executable, _TASK, {}) as child:
        for event in child.events(time_limit_s):
            part = msgspec.convert(event["part"], Nvml)
    return part if child.death is None else _cut_short(part, child.death)


def _cut_short(part: Nvml, death: Death) -> Nvml:
    why = Failed(death.reason, death.stage)
    if isinstance(part.gpus, Found):
        gpus = tuple(fill_unasked(gpu, why) for gpu in part.gpus.value)
        part = msgspec.structs.replace(part, gpus=Found(gpus, part.gpus.source))
    return fill_unasked(part, why)


def _run(_: ProbeContext) -> Nvml:
    return read_nvml()


PROBE = Probe(
    part="nvml",
    title="NVIDIA GPUs",
    # Longer than the child's own limit, whose reason says more.
    time_limit_s=_TIME_LIMIT_S + 10,
    run=_run,
)
