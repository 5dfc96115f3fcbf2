"""`uname -a`: `Linux rig 6.8.0-49-generic #49-Ubuntu SMP … x86_64 GNU/Linux`."""

import re

from rigcheck.facts import Rig
from rigcheck.ingest.systems import host_of_kernel
from rigcheck.ingest.text import Text

_LINUX = re.compile(
    r"\bLinux \S{1,64} (?P<release>\d+\.\d+\S{0,80}) #[^\n]{0,160}? "
    r"(?P<machine>x86_64|aarch64|arm64|ppc64le|i686)\b"
)


def parse_uname(text: Text) -> Rig:
    """The running kernel and its machine."""
    match = next(text.search_near("Linux ", _LINUX, before=1, after=400), None)
    if match is None:
        return Rig()
    return Rig(host=host_of_kernel(match["release"], match["machine"], text.source(*match.span())))
