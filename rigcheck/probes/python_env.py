"""The interpreter being checked and what is installed in it."""

from rigcheck.facts import Failed, PythonEnv
from rigcheck.probes import tasks
from rigcheck.probes.asked import ask
from rigcheck.probes.probe import Probe, ProbeContext, failed_part

_TIME_LIMIT_S = 20.0


def read_python_env(context: ProbeContext) -> PythonEnv:
    """Asks the interpreter itself, in a child; once, however many probes want to know."""
    return context.shared.once("python", lambda: _ask(context))


def _ask(context: ProbeContext) -> PythonEnv:
    env = ask(PythonEnv, context.python, tasks.PYTHON, _TIME_LIMIT_S, context.launch)
    return _explained(env, context.python) if isinstance(env.executable, Failed) else env


def _explained(env: PythonEnv, python: str) -> PythonEnv:
    """As plain a reason as can be told why it gave no answer at all."""
    from rigcheck.probes.unanswered import read_reason  # noqa: PLC0415 -- for few

    reason = read_reason(python)
    source = env.executable.source
    return failed_part(PythonEnv, reason, source) if reason else env


PROBE = Probe(
    part="python",
    title="Python environment",
    # Longer than the child's own limit, whose reason says more.
    time_limit_s=_TIME_LIMIT_S + 10,
    run=read_python_env,
)
