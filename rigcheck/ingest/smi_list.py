"""`nvidia-smi -L`: `GPU 0: NVIDIA GeForce RTX 3090 (UUID: GPU-5a…)`."""

import itertools
import re

from rigcheck.facts import NOT_ASKED, Found, Gpu, Nvml, Rig
from rigcheck.ingest.smi_table import MOST_GPUS
from rigcheck.ingest.text import Text, sections

_GPU = re.compile(
    r"GPU (?P<index>\d{1,3}): (?P<name>[^\n(]{2,80}(?:\([^\nU)]{1,30}\))?) "
    r"\(UUID: (?P<uuid>GPU-[0-9a-fA-F-]{6,40})\)"
)
_MIG_DEVICE = re.compile(r"MIG \S{1,20}\s{1,8}Device\s{1,4}\d{1,2}: \(UUID: MIG-")


def parse_smi_list(text: Text) -> Rig:
    """Names and UUIDs; a GPU with MIG devices below it is cut into instances."""
    if not text.has("(UUID: GPU-"):
        return Rig()
    rows = list(itertools.islice(_GPU.finditer(text.content), MOST_GPUS))
    if not rows:
        return Rig()
    gpus = tuple(_gpu(text, row, end) for row, end in sections(rows, rows[-1].end() + 1_000))
    return Rig(nvml=Nvml(gpus=Found(gpus, text.source(*rows[0].span()))))


def _gpu(text: Text, row: re.Match[str], end: int) -> Gpu:
    mig = _MIG_DEVICE.search(text.content, row.end(), end)
    return Gpu(
        index=int(row["index"]),
        name=text.found(row["name"].strip(), row),
        uuid=text.found(row["uuid"], row),
        mig_enabled=text.found(True, mig) if mig else NOT_ASKED,
    )
