"""Secure Boot, as `mokutil --sb-state`, the kernel's log and people tell it.

```
SecureBoot enabled
[    0.000000] secureboot: Secure boot enabled
```
"""

import re

from rigcheck.facts import Host, Rig
from rigcheck.ingest.text import Text

_STATE = re.compile(
    r"\bsecure[ _-]?boot(?: mode| state)?(?: is| was)?(?: currently| still)?"
    r"[ \t]{0,4}[:=]?[ \t]{0,4}"
    r"(?P<state>enabled|disabled|on|off|active|inactive)\b",
    re.IGNORECASE,
)
_ON = ("enabled", "on", "active")
_CONDITION = re.compile(
    r"\b(?:if|when|whether|with|have|unless|try|tried|after)\b[^.\n]{0,30}$", re.IGNORECASE
)
"""Before it: somebody says what would be, or what was tried."""


def parse_firmware(text: Text) -> Rig:
    """Whether Secure Boot is on, by the first line that says so without a condition."""
    for word in (
        "SecureBoot ",
        "ecure boot",
        "ecure Boot",
        "ECURE BOOT",
        "ecureboot",
        "ecure_boot",
    ):
        for match in text.search_near(word, _STATE, before=1, after=40):
            before = text.content[max(0, match.start() - 60) : match.start()]
            if not _CONDITION.search(before):
                state = match["state"].lower() in _ON
                return Rig(host=Host(secure_boot=text.found(state, match)))
    return Rig()
