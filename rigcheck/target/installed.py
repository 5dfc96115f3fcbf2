"""What is installed in this interpreter, by the folders of metadata that its path leads to.

`importlib.metadata` would say the same, but importing it takes longer than all else that a child
without a framework does.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Iterator

_KINDS = (".dist-info", ".egg-info")
_FILES = ("METADATA", "PKG-INFO")


def normalised(name: str) -> str:
    """As PEP 503 compares names: `Flash_Attn` → `flash-attn`."""
    parts = name.lower().replace("_", "-").replace(".", "-").split("-")
    return "-".join(part for part in parts if part)


def installed_version(name: str) -> str | None:
    """The version of one distribution, by its normalised name; None where it is not installed."""
    return installed(lambda there: there == name).get(name)


def installed(is_wanted: Callable[[str], bool] = bool) -> dict[str, str]:
    """Versions by normalised name, of those whose name is wanted."""
    found: dict[str, str] = {}
    for folder in sys.path:
        for path in _metadata_folders(folder or "."):
            if not is_wanted(_name_in(path)):
                continue  # not opened: there may be thousands
            header = _header(path)
            name = normalised(header.get("Name", ""))
            # A folder without a name is damaged: pip does not count it either. The first on
            # sys.path is the one that an import finds.
            if name and name not in found and is_wanted(name):
                found[name] = header.get("Version", "")
    return found


def _metadata_folders(folder: str) -> Iterator[str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return  # not there, or the archive of the standard library
    for name in names:
        if name.endswith(_KINDS):
            yield os.path.join(folder, name)


def _name_in(path: str) -> str:
    """`…/flash_attn-2.8.3.dist-info` → `flash-attn`."""
    return normalised(os.path.splitext(os.path.basename(path))[0].partition("-")[0])


def _header(path: str) -> dict[str, str]:
    """The fields before the first empty line, each in its first place; none where unreadable."""
    fields: dict[str, str] = {}
    for candidate in (*(os.path.join(path, name) for name in _FILES), path):
        try:
            with open(candidate, encoding="utf-8", errors="replace") as file:
                for line in file:
                    if not line.strip():
                        break
                    key, colon, value = line.partition(":")
                    if colon and not line[0].isspace():
                        fields.setdefault(key, value.strip())
        except OSError:
            continue
        break
    return fields
