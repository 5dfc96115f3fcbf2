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
from rigcheck.ingest.smi_fields import gpu_of
from rigcheck.ingest.smi_table import MOST_GPUS
from rigcheck.ingest.text import Text, sections

_VERSIONS = re.compile(
    r"^(?P<key>Driver Version|KMD Version|CUDA Version|CUDA UMD Version) {2,60}: "
    r"(?P<value>[\d.]+)",
    re.MULTILINE,
)
_GPU = re.compile(
    r"^GPU (?P<bus>[0-9A-Fa-f]{8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.\d)[ \t]*$", re.MULTILINE
)
_LINE = re.compile(
    r"^(?P<indent> {4,40})(?P<key>[A-Z][^:\n]{0,60}?)(?: {1,60}: (?P<value>[^\n]{0,200}))?$",
    re.MULTILINE,
)
_MOST_LINES = 2_000
"""Of one GPU: today's print some 250, a process four of them."""


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
    told = {"id": text.found(row["bus"], row)}
    path: list[tuple[int, str]] = []
    lines = _LINE.finditer(text.content, row.end(), end)
    for line in itertools.islice(lines, _MOST_LINES):
        indent = len(line["indent"])
        while path and path[-1][0] >= indent:
            path.pop()
        path.append((indent, line["key"].strip().lower().replace(" ", "_")))
        if line["value"] is not None:
            name = "/".join(key for _, key in path)
            told.setdefault(name, text.found(line["value"].strip(), line))
    return gpu_of(index, told)
