"""The kernel's log and the driver's version file: lines of `NVRM:`.

```
NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build
NVRM: API mismatch: the client 'python3' (pid 1) has the version 550.107.02, but
NVRM: this kernel module has the version 550.90.07
```
The errors in it are symptoms, which `messages` reads.
"""

import re

from rigcheck.facts import Driver, Rig
from rigcheck.ingest.merge import merge
from rigcheck.ingest.text import Text

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


def parse_kernel_log(text: Text) -> Rig:
    """Version and kind of the module that is loaded, and of a library it refused."""
    return merge((_mismatch(text), _loaded(text)))


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
