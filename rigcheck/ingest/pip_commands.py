"""`pip install torch` as somebody ran it: on Windows, PyPI's wheel is one without CUDA."""

import re

from rigcheck.facts import Absent, Reason, Rig, Torch
from rigcheck.ingest.text import Text

_INSTALL = re.compile(r"pip3? install [^\n]{0,200}?\btorch\b(?P<rest>[^\n]{0,300})")
_ELSEWHERE = re.compile(r"index|whl|cu\d{2,3}|find-links| -f |https?:")
_SEES_NOTHING = re.compile(
    r"is_available(?:\(\))?\W{0,8}(?:is |returns )?False|cuda_available: false", re.IGNORECASE
)


def parse_pip_commands(text: Text) -> Rig:
    """A build without CUDA, where torch was taken from PyPI on Windows and sees no GPU."""
    words = text.content
    if not text.has("Windows") or text.has("WSL", "wsl") or not _SEES_NOTHING.search(words):
        return Rig()
    commands = list(text.search_near("install ", _INSTALL, before=6, after=500))
    if not commands or any(_ELSEWHERE.search(command.group()) for command in commands):
        return Rig()
    source = text.source(*commands[0].span())
    absent = Absent(Reason.NOT_THERE, source, "PyPI's torch for Windows is built without CUDA")
    return Rig(torch=Torch(cuda_built_version=absent))
