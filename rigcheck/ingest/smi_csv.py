"""`nvidia-smi --query-gpu=… --format=csv`, whose first line names the columns."""

import re
from typing import Any

from rigcheck.facts import Fact, Found, Gpu, Nvml, Rig
from rigcheck.ingest.smi_table import MOST_GPUS, bus_id
from rigcheck.ingest.text import Text

_COLUMNS = {
    "index": "index",
    "name": "name",
    "uuid": "uuid",
    "pci.bus_id": "pci_bus_id",
    "compute_cap": "compute_capability",
    "driver_version": "driver_version",
    "memory.total [MiB]": "memory_total_bytes",
    "memory.used [MiB]": "memory_used_bytes",
}
_NAMES = "|".join(re.escape(name) for name in sorted(_COLUMNS, key=len, reverse=True))
_HEAD = re.compile(
    rf"^(?:{_NAMES}|[a-z_.]+(?: \[\w+\])?)(?:, [a-z_.]+(?: \[[\w%]+\])?)*[ \t]*$", re.MULTILINE
)
_COLUMNS_THAT_TELL = tuple(n for n, f in _COLUMNS.items() if f not in ("index", "name"))
_TELLING = frozenset(_COLUMNS.values()) - {"index", "name"}
"""A head with one of these is nvidia-smi's; anybody's table may have a name."""
_MIB = 1024 * 1024


def parse_smi_csv(text: Text) -> Rig:
    """The GPUs of the first such table that has a known column, and the driver."""
    if not text.has(*_COLUMNS_THAT_TELL):
        return Rig()
    for head in _HEAD.finditer(text.content):
        columns = [_COLUMNS.get(name.strip()) for name in head.group().split(", ")]
        if _TELLING.isdisjoint(columns):
            continue
        return Rig(nvml=_nvml(text, head, columns))
    return Rig()


def _nvml(text: Text, head: re.Match[str], columns: list[str | None]) -> Nvml:
    gpus: list[Gpu] = []
    driver: dict[str, Fact[Any]] = {}
    start = head.end() + 1
    while start < len(text.content) and len(gpus) < MOST_GPUS:
        end = text.content.find("\n", start)
        end = end if end >= 0 else len(text.content)
        cells = text.content[start:end].strip().split(", ")
        if len(cells) != len(columns):
            break
        source = text.source(start, end)
        row = {c: v for c, v in zip(columns, cells, strict=True) if c and not v.startswith("[")}
        if "driver_version" in row:
            driver["driver_version"] = Found(row.pop("driver_version"), source)
        gpus.append(_gpu(len(gpus), row, source))
        start = end + 1
    return Nvml(gpus=Found(tuple(gpus), text.source(*head.span())), **driver) if gpus else Nvml()


def _gpu(index: int, row: dict[str, str], source: str) -> Gpu:
    known: dict[str, Fact[Any]] = {}
    for field, value in row.items():
        if field in ("name", "uuid"):
            known[field] = Found(value, source)
        elif field == "pci_bus_id":
            known[field] = Found(bus_id(value), source)
        elif field == "compute_capability" and re.fullmatch(r"\d+\.\d", value):
            known[field] = Found(value, source)
        elif field.endswith("_bytes") and (match := re.match(r"(\d{1,9}) MiB", value)):
            known[field] = Found(int(match[1]) * _MIB, source)
    return Gpu(index=int(row["index"]) if row.get("index", "").isdecimal() else index, **known)
