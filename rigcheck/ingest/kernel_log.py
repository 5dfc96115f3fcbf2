"""The kernel's log and the driver's version file: lines of `NVRM:`.

```
NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build
NVRM: API mismatch: the client 'python3' (pid 1) has the version 550.107.02, but
NVRM: this kernel module has the version 550.90.07
```
Xids and the driver's complaints are read as from the kernel itself; who pasted a few lines of a log
has not said that there were no others.
"""

import itertools
import re
from typing import Any

from rigcheck.facts import Driver, Found, KernelLog, Rig
from rigcheck.ingest.merge import merge
from rigcheck.ingest.text import Text
from rigcheck.probes.kernel_lines import LogLine, find_messages, find_xids

_MODULE = re.compile(
    r"NVRM(?: version)?:[ \t]{1,4}(?:loading )?NVIDIA UNIX (?P<open>Open )?(?:x86_64 |aarch64 )?"
    r"Kernel Module"
    r"(?: for (?:x86_64|aarch64))?\s{1,8}(?P<version>\d{3}\.[\d.]+)"
)
_MISMATCH = re.compile(
    r"API mismatch: the client[^\n]{0,200}?(?:\n[^\n]{0,40}NVRM:)?\s{0,8}has the version "
    r"(?P<client>\d{3}\.[\d.]+\d)[,.]?\s[^\n]{0,120}(?:\n[^\n]{0,40}NVRM:)?[^\n]{0,80}?version "
    r"(?P<module>\d{3}\.[\d.]+\d)"
)
# Before it: `[   12.345678] `, `Nov 23 10:00:00 host kernel: `, both, or nothing.
_LINE = re.compile(
    r"^.{0,60}?(?:\[ {0,8}(?P<at>\d{1,9}\.\d{1,9})\] {0,2}|kernel: {0,2})?"
    r"(?P<text>(?:nvidia[^:\n]{0,20}: )?"
    r"(?:NVRM:|Loading of |Lockdown: |module verification).{0,400})$",
    re.MULTILINE,
)
_TELLING = ("NVRM", "Loading of ", "Lockdown: ", "module verification")
_MOST_LINES = 2_000


def parse_kernel_log(text: Text) -> Rig:
    """Version and kind of the module that is loaded, of a library it refused, and its errors."""
    if not text.has(*_TELLING):
        return Rig()
    return merge((_mismatch(text), _loaded(text), Rig(kernel_log=_events(text))))


def _events(text: Text) -> KernelLog:
    matches = list(itertools.islice(_LINE.finditer(text.content), _MOST_LINES))
    lines = tuple(LogLine(at_s=float(m["at"] or 0), text=m["text"]) for m in matches)
    xids, messages = find_xids(lines), find_messages(lines)
    source = text.source(*matches[0].span()) if matches else ""
    known: dict[str, Any] = {}
    if xids:
        known["xids"] = Found(xids, source)
    if messages:
        known["messages"] = Found(messages, source)
    return KernelLog(**known)


def _mismatch(text: Text) -> Rig:
    words = "API mismatch: the client"
    match = next(text.search_near(words, _MISMATCH, after=400), None)
    if match is None:
        return Rig()
    return Rig(
        driver=Driver(
            module_version=text.found(match["module"], match),
            library_version=text.found(match["client"], match),
        )
    )


def _loaded(text: Text) -> Rig:
    matches = list(_MODULE.finditer(text.content)) if text.has("NVRM") else []
    if not matches:
        return Rig()
    last = matches[-1]  # a module that was loaded again is there in its last version
    return Rig(
        driver=Driver(
            module_version=text.found(last["version"], last),
            module_kind=text.found("open" if last["open"] else "closed", last),
        )
    )
