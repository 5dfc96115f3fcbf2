"""The C++ compiler and the header that compiled code of Python needs, as frameworks find them."""

import os
import shutil
import subprocess
import sysconfig
from typing import Optional

from rigcheck.target.facts_wire import FactSender

_NAMES = ("g++", "clang++")
"""Those that inductor and PyTensor take, g++ first."""
_TIME_LIMIT_S = 10.0


def tell_compilers(facts: FactSender) -> None:
    """Sends the facts `compiler` and `python_header`."""
    facts.ask("compiler", "CXX" if os.environ.get("CXX") else "PATH", _compiler)
    facts.ask("python_header", "sysconfig.get_paths()", _python_header)


def _compiler() -> Optional[str]:
    """`/usr/bin/g++: g++ (Debian 12.2.0-14) 12.2.0`."""
    names = [os.environ["CXX"]] if os.environ.get("CXX") else _NAMES
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        return None
    said = subprocess.run(
        [path, "--version"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=_TIME_LIMIT_S,
        check=True,
    )
    return "{}: {}".format(path, said.stdout.decode(errors="replace").partition("\n")[0])


def _python_header() -> Optional[str]:
    path = os.path.join(sysconfig.get_paths()["include"], "Python.h")
    return path if os.path.exists(path) else None
