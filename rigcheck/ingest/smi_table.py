"""The table that `nvidia-smi` prints.

```
| NVIDIA-SMI 535.161.07   Driver Version: 535.161.07   CUDA Version: 12.2 |
|   0  NVIDIA GeForce RTX 3090        Off | 00000000:01:00.0  On |    N/A |
|  0%   51C    P8   24W / 350W |    580MiB / 24576MiB |      0%   Default |
```
From release 610 on its head reads `KMD Version: … CUDA UMD Version: …`.
"""

import itertools
import re
from typing import Any

from rigcheck.facts import NOT_ASKED, Fact, Gpu, Host, Nvml, Rig
from rigcheck.ingest.text import Text, sections

_HEAD = re.compile(
    r"NVIDIA-SMI\s+[\w.-]+\s+(?:Driver|KMD)\s+Version:\s*(?P<driver>\d{3}[\d.]*)"
    r"(?:\s+CUDA\s+(?:UMD\s+)?Version:\s*(?P<cuda>\d+\.\d+))?"
)
_ROW = re.compile(
    r"\|\s{1,5}(?P<index>\d{1,3})\s{1,4}(?P<name>[^|\n]{2,60}?)\s{1,30}"
    r"(?P<mode>On|Off|N/A|WDDM|TCC|MCDM|ERR!|Disabled|Enabled)\s{0,4}\|\s{0,8}"
    r"(?P<bus>[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.\d)\s"
)
_MEMORY = re.compile(r"(?P<used>\d{1,8})MiB\s{0,4}/\s{0,8}(?P<total>\d{1,8})MiB")
_POWER = re.compile(r"(?P<power>\d{1,4})W\s{0,4}/\s{0,4}(?P<limit>\d{1,4})W")
_MIG = re.compile(r"\|\s{1,30}(?P<mig>Enabled|Disabled)\*?\s{0,4}\|")
_ROW_LENGTH = 600
"""Characters of the two or three lines of one GPU."""
_CUT = "..."
MOST_GPUS = 64
"""More than any machine has."""
_MIB = 1024 * 1024


def parse_smi_table(text: Text) -> Rig:
    """Driver, its CUDA, and each GPU; a name that the table cut off is left out."""
    return _parse(text, cut_names=False)


def parse_cut_names(text: Text) -> Rig:
    """The names that the table cut off, `GeForce GTX 108...`, where nothing better tells them."""
    return _parse(text, cut_names=True)


def _parse(text: Text, *, cut_names: bool) -> Rig:
    head = _HEAD.search(text.content)
    if head is None:
        return Rig()
    rows = list(itertools.islice(_ROW.finditer(text.content, head.end()), MOST_GPUS))
    gpus = tuple(
        _gpu(text, row, min(end, row.end() + _ROW_LENGTH), cut_names=cut_names)
        for row, end in sections(rows, len(text.content))
    )
    known: dict[str, Fact[Any]] = {"driver_version": text.found(head["driver"], head)}
    if head["cuda"]:
        known["cuda_version"] = text.found(head["cuda"], head)
    if rows:
        known["gpus"] = text.found(gpus, rows[0])
    windows = any(row["mode"] in ("WDDM", "TCC", "MCDM") for row in rows)
    host = Host(system=text.found("Windows", rows[0])) if windows else Host()
    return Rig(host=host, nvml=Nvml(**known))


def _gpu(text: Text, row: re.Match[str], end: int, *, cut_names: bool) -> Gpu:
    memory = _MEMORY.search(text.content, row.end(), end)
    power = _POWER.search(text.content, row.end(), end)
    mig = _MIG.search(text.content, row.end(), end)
    is_cut = row["name"].endswith(_CUT)
    return Gpu(
        index=int(row["index"]),
        pci_bus_id=text.found(bus_id(row["bus"]), row),
        name=text.found(row["name"], row) if cut_names or not is_cut else NOT_ASKED,
        memory_total_bytes=text.found(int(memory["total"]) * _MIB, memory) if memory else NOT_ASKED,
        memory_used_bytes=text.found(int(memory["used"]) * _MIB, memory) if memory else NOT_ASKED,
        power_w=text.found(float(power["power"]), power) if power else NOT_ASKED,
        power_limit_w=text.found(float(power["limit"]), power) if power else NOT_ASKED,
        mig_enabled=text.found(mig["mig"] == "Enabled", mig) if mig else NOT_ASKED,
    )


def bus_id(spelled: str) -> str:
    """`00000000:01:00.0` → `0000:01:00.0`, as the kernel writes it."""
    domain, _, rest = spelled.lower().partition(":")
    return f"{domain[-4:]}:{rest}"
