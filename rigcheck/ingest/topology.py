"""`nvidia-smi topo -m`: how each two GPUs are joined.

```
        GPU0    GPU1    CPU Affinity
GPU0     X      PXB     0-27,56-83
GPU1    PXB      X      0-27,56-83
```
"""

import itertools
import re
from collections.abc import Iterator

from rigcheck.facts import Found, GpuPair, Nvml, Rig
from rigcheck.ingest.stated_gpus import pair
from rigcheck.ingest.text import Text

_ROW = re.compile(
    r"^[ \t|]{0,16}GPU(?P<index>\d{1,2})[ \t|]{1,16}"
    r"(?P<cells>(?:(?:X|PIX|PXB|PHB|NODE|SYS|NV\d{1,2})(?:[ \t|]{1,16}|$)){1,64})",
    re.MULTILINE,
)
_MOST_ROWS = 64


def parse_topology(text: Text) -> Rig:
    """Each two GPUs once."""
    if not text.has("GPU0"):
        return Rig()
    rows = list(itertools.islice(_ROW.finditer(text.content), _MOST_ROWS))
    pairs = tuple(_pairs(text, rows))
    if not pairs:
        return Rig()
    return Rig(nvml=Nvml(gpu_pairs=Found(pairs, text.source(*rows[0].span()))))


def _pairs(text: Text, rows: list[re.Match[str]]) -> Iterator[GpuPair]:
    for row in rows:
        cells = row["cells"].replace("|", " ").split()[: len(rows)]
        first = int(row["index"])
        for second, cell in enumerate(cells):
            if second > first:
                yield pair(first, second, cell, text.source(*row.span()))
