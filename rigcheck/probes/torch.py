"""PyTorch and torchvision in the interpreter being checked."""

from rigcheck.facts import Torch
from rigcheck.probes import tasks
from rigcheck.probes.asked import ask
from rigcheck.probes.probe import Probe, ProbeContext

# An old disk takes half a minute to read five gigabytes of libraries.
_TIME_LIMIT_S = 120.0


def read_torch(context: ProbeContext) -> Torch:
    """Imports them in a child, which may crash or hang."""
    return ask(Torch, context.python, tasks.TORCH, _TIME_LIMIT_S, context.launch)


PROBE = Probe(
    part="torch",
    title="PyTorch",
    # Longer than the child's own limit, whose reason says more.
    time_limit_s=_TIME_LIMIT_S + 10,
    run=read_torch,
)
