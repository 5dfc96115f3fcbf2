"""/proc/cpuinfo: `model name : …` and `flags : …`, once for each logical CPU."""

import itertools
import re
from typing import Any

from rigcheck.facts import Cpu, Fact, Found, Rig
from rigcheck.ingest.cpu_flags import cpu_of_flags
from rigcheck.ingest.merge import merge
from rigcheck.ingest.text import Text

_MODEL = re.compile(r"^model name[ \t]*: (.+)$", re.MULTILINE)
_VENDOR = re.compile(r"^vendor_id[ \t]*: (\S+)$", re.MULTILINE)
_MOST_CPUS = 1_024
_FLAGS = re.compile(r"^flags[ \t]*: ?(.+)$", re.MULTILINE)


def parse_cpuinfo(text: Text) -> Rig:
    """Model, vendor, and the flags that every CPU listed has."""
    if not text.has("model name", "vendor_id", "flags"):
        return Rig()
    known: dict[str, Fact[Any]] = {}
    for field, pattern in (("model", _MODEL), ("vendor", _VENDOR)):
        if match := pattern.search(text.content):
            known[field] = text.found(match[1].strip(), match)
    lists = list(itertools.islice(_FLAGS.finditer(text.content), _MOST_CPUS))
    cpu = Rig(cpu=Cpu(**known))
    if not lists or any(match[1].rstrip().endswith(("...", "…")) for match in lists):
        return cpu
    shared = set(lists[0][1].split()).intersection(*({*m[1].split()} for m in lists[1:]))
    flags = Found(" ".join(sorted(shared)), text.source(*lists[0].span()))
    return merge((cpu, Rig(cpu=cpu_of_flags(flags))))
