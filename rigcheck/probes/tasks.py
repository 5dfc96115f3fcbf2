"""The tasks that every check asks children for.

Apart from the probes that ask, which load what they need to understand the answers.
"""

import os
from typing import Any

TORCH = "rigcheck.target.torch_facts"
PYTHON = "rigcheck.target.environment"
NVML = "rigcheck.probes.nvml_task"

_ROOT = "/"


def nvml_arguments(library: str | None, root: str | os.PathLike[str] = _ROOT) -> dict[str, Any]:
    """What `NVML` is asked: of this machine, by the loader's choice of a library, nothing."""
    asked = {"library": library} if library else {}
    return asked if os.fspath(root) == _ROOT else {**asked, "root": os.fspath(root)}
