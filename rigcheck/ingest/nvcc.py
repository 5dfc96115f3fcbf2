"""`nvcc --version`: `Cuda compilation tools, release 12.4, V12.4.131`."""

import re

from rigcheck.facts import Rig, Toolkit
from rigcheck.ingest.text import Text

_RELEASE = re.compile(r"Cuda compilation tools, release \d+\.\d+, V(\d+\.\d+(?:\.\d+)?)")


def parse_nvcc(text: Text) -> Rig:
    """The CUDA that builds here."""
    match = _RELEASE.search(text.content)
    return Rig(toolkit=Toolkit(nvcc_version=text.found(match[1], match))) if match else Rig()
