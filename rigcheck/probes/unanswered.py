"""Why an interpreter gave no answer at all: gone, no Python, or one that is too old.

Asked only then: whoever answers has said what it is.
"""

import os
import re
import subprocess
from pathlib import Path

_OLDEST = (3, 8)
_TIME_LIMIT_S = 5.0
# Python 2 must understand it, too.
_QUESTION = "import sys; sys.stdout.write('rigcheck asks %d.%d' % sys.version_info[:2])"
_ANSWER = re.compile(rb"rigcheck asks (\d+)\.(\d+)$")


def read_reason(python: str) -> str:
    """Why it did not answer; empty where this does not tell."""
    path = Path(python)
    if path.is_symlink() and not path.exists():
        return f"it points to {os.path.realpath(python)}, which is not there"
    try:
        done = subprocess.run(
            [python, "-c", _QUESTION],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_TIME_LIMIT_S,
        )
    except OSError as error:
        return f"it cannot be started: {error.strerror or error}"
    except subprocess.TimeoutExpired:
        return ""
    return parse_answer(done.stdout, done.stderr)


def parse_answer(stdout: bytes, stderr: bytes) -> str:
    """What the program's answer to a line of Python tells of it; empty where it is a Python."""
    answer = _ANSWER.search(stdout)
    if answer is not None:
        version = tuple(map(int, answer.groups()))
        if version >= _OLDEST:
            return ""
        found, oldest = (".".join(map(str, v)) for v in (version, _OLDEST))
        return f"it is Python {found}, and rigcheck asks Python {oldest} or newer"
    if b"encodings" in stderr or b"platform independent libraries" in stderr:
        return "it does not find its standard library: the Python it was made from is gone"
    last = stderr.decode(errors="replace").strip().rpartition("\n")[2]
    return "it is no Python that works" + (f": {last}" if last else "")
