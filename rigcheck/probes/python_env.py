"""The interpreter being checked and what is installed in it."""

from rigcheck.facts import PythonEnv
from rigcheck.probes import tasks
from rigcheck.probes.asked import ask
from rigcheck.probes.probe import Probe, ProbeContext
from rigcheck.probes.unanswered import explained

_TIME_LIMIT_S = 20.0


def read_python_env(context: ProbeContext) -> PythonEnv:
    """Asks the interpreter itself, in a child; once, however many probes want to know."""
    return context.shared.once("python", lambda: _ask(context))


def _ask(context: ProbeContext) -> PythonEnv:
    env = ask(PythonEnv, context.python, tasks.PYTHON, _TIME_LIMIT_S, context.launch)
    return explained(env, context.python)


PROBE = Probe(
    part="python",
    title="Python environment",
    # Longer than the child's own limit, whose reason says more.
    time_limit_s=_TIME_LIMIT_S + 10,
    run=read_python_env,
)
