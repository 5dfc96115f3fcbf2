"""`nvidia-smi -q -x`: XML, read without entities, and no deeper than such a log is.

Expat is told to refuse every entity declaration, so that none can be expanded; the DTD that the
log names is never fetched.
"""

import re
from typing import Any
from xml.parsers import expat

from rigcheck.facts import Fact, Found, Nvml, Rig
from rigcheck.ingest.smi_fields import gpu_of
from rigcheck.ingest.smi_table import MOST_GPUS
from rigcheck.ingest.text import Text

_START = re.compile(r"<nvidia_smi_log[\s>]")
_END = "</nvidia_smi_log>"
_DEEPEST = 32
_HEAD = {"driver_version": "driver_version", "kmd_version": "driver_version"}
_CUDA = ("cuda_version", "cuda_umd_version")


class _RefusedError(Exception):
    """The XML does what no log does."""


class _Reader:
    """Gathers the text of each element by its path below the root."""

    def __init__(self, text: Text, start: int) -> None:
        self._text, self._start = text, start
        self._path: list[str] = []
        self._pieces: list[str] = []
        self.head: dict[str, Found[str]] = {}
        self.gpus: list[dict[str, Found[str]]] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._pieces.append
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise _RefusedError

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        self._pieces.clear()
        if len(self._path) > _DEEPEST:
            raise _RefusedError
        if len(self.gpus) > MOST_GPUS:
            raise _RefusedError
        if self._path[1:] == ["gpu"]:
            self.gpus.append({})
            if "id" in attributes:
                self.gpus[-1]["id"] = self._found(attributes["id"])

    def _close(self, _: str) -> None:
        value = "".join(self._pieces).strip()
        self._pieces.clear()
        path = self._path[1:]
        self._path.pop()
        if value and path[:1] == ["gpu"] and self.gpus:
            self.gpus[-1].setdefault("/".join(path[1:]), self._found(value))
        elif value:
            self.head.setdefault("/".join(path), self._found(value))

    def _found(self, value: str) -> Found[str]:
        offset = self._start + self.parser.CurrentByteIndex
        return Found(value, self._text.source(offset, offset + 80))


def parse_smi_xml(text: Text) -> Rig:
    """Driver, its CUDA, and each GPU; nothing where the XML is broken before the first GPU ends."""
    start = _START.search(text.content)
    if start is None:
        return Rig()
    end = text.content.find(_END, start.start())
    stop = end + len(_END) if end >= 0 else len(text.content)
    reader = _Reader(text, start.start())
    # Byte offsets are character offsets in ASCII only, which is what nvidia-smi writes.
    piece = text.content[start.start() : stop].encode("ascii", errors="replace")
    try:
        reader.parser.Parse(piece, True)
    except (expat.ExpatError, _RefusedError):
        reader.gpus = reader.gpus[:-1]  # what was whole before it broke is told
    return Rig(nvml=_nvml(reader))


def _nvml(reader: _Reader) -> Nvml:
    known: dict[str, Fact[Any]] = {}
    for name, field in _HEAD.items():
        if name in reader.head:
            known[field] = reader.head[name]
    for name in _CUDA:
        if name in reader.head and re.fullmatch(r"\d+\.\d+", reader.head[name].value):
            known["cuda_version"] = reader.head[name]
    if reader.gpus:
        gpus = tuple(gpu_of(index, told) for index, told in enumerate(reader.gpus))
        known["gpus"] = Found(
            gpus, next(iter(reader.gpus[0].values())).source if reader.gpus[0] else ""
        )
    return Nvml(**known)
