"""`nvidia-smi -q`: sections by indentation, `Key : value`.

```
Driver Version                            : 535.161.07
CUDA Version                              : 12.2
GPU 00000000:01:00.0
    Product Name                          : NVIDIA GeForce RTX 3090
    FB Memory Usage
        Total                             : 24576 MiB
```
"""

import itertools
import re
from typing import Any

from rigcheck.facts import Fact, Found, Gpu, Nvml, Rig
from rigcheck.ingest.smi_table import MOST_GPUS, bus_id
from rigcheck.ingest.text import Text, sections

_VERSIONS = re.compile(
    r"^(?P<key>Driver Version|KMD Version|CUDA Version|CUDA UMD Version) {2,60}: "
    r"(?P<value>[\d.]+)",
    re.MULTILINE,
)
_GPU = re.compile(
    r"^GPU (?P<bus>[0-9A-Fa-f]{8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.\d)[ \t]*$", re.MULTILINE
)
_FIELDS = {
    "name": re.compile(r"^ {4}Product Name {2,60}: (.+)$", re.MULTILINE),
    "uuid": re.compile(r"^ {4}GPU UUID {2,60}: (GPU-\S+)$", re.MULTILINE),
}
_MEMORY = re.compile(
    r"^ {4}FB Memory Usage\n {8}Total {2,60}: (?P<total>\d+) MiB\n"
    r"(?: {8}Reserved {2,60}: (?P<reserved>\d+) MiB\n)? {8}Used {2,60}: (?P<used>\d+) MiB",
    re.MULTILINE,
)
_MIG = re.compile(r"^ {4}MIG Mode\n {8}Current {2,60}: (Enabled|Disabled)", re.MULTILINE)
_MIB = 1024 * 1024


def parse_smi_query(text: Text) -> Rig:
    """Driver, its CUDA, and each GPU in the order told, which is NVML's."""
    if not text.has(" Version  ", "\nGPU 0", "Product Name"):
        return Rig()
    known: dict[str, Fact[Any]] = {}
    for match in _VERSIONS.finditer(text.content):
        field = "cuda_version" if match["key"].startswith("CUDA") else "driver_version"
        known.setdefault(field, text.found(match["value"], match))
    rows = list(itertools.islice(_GPU.finditer(text.content), MOST_GPUS))
    gpus = tuple(
        _gpu(text, index, row, end)
        for index, (row, end) in enumerate(sections(rows, len(text.content)))
    )
    if gpus:
        known["gpus"] = Found(gpus, text.source(*rows[0].span()))
    return Rig(nvml=Nvml(**known))


def _gpu(text: Text, index: int, row: re.Match[str], end: int) -> Gpu:
    known: dict[str, Fact[Any]] = {"pci_bus_id": text.found(bus_id(row["bus"]), row)}
    for field, pattern in _FIELDS.items():
        if match := pattern.search(text.content, row.end(), end):
            known[field] = text.found(match[1].strip(), match)
    if match := _MEMORY.search(text.content, row.end(), end):
        for part in ("total", "reserved", "used"):
            if match[part]:
                known[f"memory_{part}_bytes"] = text.found(int(match[part]) * _MIB, match)
    if match := _MIG.search(text.content, row.end(), end):
        known["mig_enabled"] = text.found(match[1] == "Enabled", match)
    return Gpu(index=index, **known)
