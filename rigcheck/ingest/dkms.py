"""`dkms status`: `nvidia/535.161.07, 6.8.0-49-generic, x86_64: installed`."""

import itertools
import re

from rigcheck.facts import Driver, Rig
from rigcheck.ingest.text import Text

_MOST = 1_000
_LINE = re.compile(
    r"^[ \t]*nvidia(?:-current|-srv|-open)?(?:-\d{3}(?:-open|-server)?)?[/,] ?"
    r"(?P<version>\d{3}\.[\d.]+)(?:, (?P<kernel>[\w.+-]+), (?P<machine>\w+))?: (?P<state>\w+)",
    re.MULTILINE,
)


def parse_dkms(text: Text, kernel_release: str | None) -> Rig:
    """The module that the running kernel would load; nothing where that kernel is not known."""
    if kernel_release is None or not text.has("nvidia"):
        return Rig()
    lines = list(itertools.islice(_LINE.finditer(text.content), _MOST))
    if not lines:
        return Rig()
    for match in lines:
        if match["kernel"] == kernel_release and match["state"] == "installed":
            return Rig(driver=Driver(module_on_disk_version=text.found(match["version"], match)))
    detail = f"no nvidia module is installed for {kernel_release}"
    return Rig(driver=Driver(module_on_disk_version=text.not_there(lines[0], detail)))
