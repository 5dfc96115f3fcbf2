"""Environment variables that change what CUDA programs and torch do, as this process has them."""

import os
from collections.abc import Mapping

from rigcheck.facts import Absent, Environment, Fact, Found, Reason
from rigcheck.probes.probe import Probe, ProbeContext


def read_environment(_context: ProbeContext) -> Environment:
    """What a program started from here gets, too."""
    return parse_environment(os.environ)


def parse_environment(variables: Mapping[str, str]) -> Environment:
    """The variables of these that matter; each is named as its field, in capitals."""
    return Environment(
        **{name: _variable(variables, name.upper()) for name in Environment.__struct_fields__}
    )


def _variable(variables: Mapping[str, str], name: str) -> Fact[str]:
    if name in variables:
        return Found(variables[name], f"${name}")
    return Absent(Reason.NOT_THERE, f"${name}")


PROBE = Probe(
    part="environment", title="Environment variables", time_limit_s=2.0, run=read_environment
)
