"""py-cpuinfo, for what the kernel's own files leave open.

It starts half a dozen programs and takes over a second, so it is asked only where model or flags
are missing: on ARM, on macOS, where there is no /proc. On an ordinary x86 Linux it never runs.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rigcheck.facts import Absent, Fact, Failed, Found, Reason
from rigcheck.probes.cpuinfo import AARCH64, X86_64, Identity
from rigcheck.probes.reading import first_found

TIME_LIMIT_S = 10.0
_SOURCE = "py-cpuinfo"
_ARCHITECTURES = {"X86_64": X86_64, "ARM_8": AARCH64}
_NO_NAME = "-"
"""What lscpu, which py-cpuinfo quotes, prints for a core it does not know."""


def read_py_cpuinfo() -> Identity:
    """Asks it in a child of our own interpreter, which it is installed for."""
    try:
        done = subprocess.run(
            (sys.executable, "-m", "cpuinfo", "--json"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            errors="replace",
            timeout=TIME_LIMIT_S,
            # Away from the user's directory, which may hold a cpuinfo.py of its own.
            cwd=Path(sys.executable).parent,
        )
        return parse_py_cpuinfo(done.stdout, sys.platform)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        failed = Failed(str(error), _SOURCE)
        return Identity(architecture="", model=failed, vendor=failed, flags=failed)


def completed(
    identity: Identity, root: Path, ask: Callable[[], Identity] = read_py_cpuinfo
) -> Identity:
    """The identity with its gaps filled, as far as py-cpuinfo can.

    A recorded machine (any `root` but `/`) keeps its gaps: py-cpuinfo knows only this one.
    """
    if not identity.has_gap or root != Path("/"):
        return identity
    told = ask()
    return Identity(
        architecture=identity.architecture or told.architecture,
        model=first_found(identity.model, told.model),
        vendor=first_found(identity.vendor, told.vendor),
        flags=first_found(identity.flags, told.flags),
    )


def parse_py_cpuinfo(text: str, platform: str) -> Identity:
    """Its JSON. On Linux its flags are in /proc/cpuinfo names; elsewhere not, so none are taken.

    Raises:
        ValueError: if it is not a JSON object.
    """
    told = json.loads(text)
    if not isinstance(told, dict):
        raise ValueError("py-cpuinfo printed no object")  # noqa: TRY004 -- foreign text, not a type
    flags = tuple(told.get("flags", ())) if platform == "linux" else ()
    return Identity(
        architecture=_ARCHITECTURES.get(told.get("arch", ""), ""),
        model=_fact(told.get("brand_raw")),
        vendor=_fact(told.get("vendor_id_raw")),
        flags=_fact(flags),
    )


def _fact(value: Any) -> Fact[Any]:
    there = value and value != _NO_NAME
    return Found(value, _SOURCE) if there else Absent(Reason.NOT_THERE, _SOURCE)
