"""The files mapped into this process: what a framework has truly loaded."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rigcheck.target.wire import Wire

_MAPS = "/proc/self/maps"
_PATH_COLUMN = 5


def send_mapped_files(wire: Wire) -> None:
    """Sends the shared libraries and where this process looks for them; nothing where no /proc is.

    The parent finds out which of them matter, whose they are and how they were found.
    """
    try:
        with open(_MAPS, encoding="utf-8", errors="replace") as maps:
            paths = parse_maps(maps.read())
    except FileNotFoundError:
        return
    wire.send(
        "mapped",
        paths=paths,
        source=_MAPS,
        ld_library_path=os.environ.get("LD_LIBRARY_PATH", ""),
    )


def parse_maps(text: str) -> list[str]:
    """Shared libraries in /proc/PID/maps, each once; the path is its sixth column."""
    mapped = (line for line in text.splitlines() if ".so" in line)
    columns = (line.split(None, _PATH_COLUMN) for line in mapped)
    return sorted({c[_PATH_COLUMN] for c in columns if len(c) > _PATH_COLUMN})
