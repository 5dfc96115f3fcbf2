"""Task: NVML, asked in a child of rigcheck's own interpreter.

Most machines without an NVIDIA driver have no NVML either: this is told before anything is
imported that only an answer needs.
"""

from __future__ import annotations

import ctypes

from rigcheck.nvml_library import LIBRARY

TYPE_CHECKING = False  # as in the target: see `rigcheck.target`
if TYPE_CHECKING:
    from typing import Any

    from rigcheck.target.wire import Wire

_STAGE = "loading NVML"


def run(wire: Wire, arguments: dict[str, Any]) -> None:
    """Sends `refused` with the loader's words, or `nvml` and `gpu` events.

    `library` is NVML's file, by default the loader's choice; `root` is where /proc is, by default
    this machine's.
    """
    library = arguments.get("library", LIBRARY)
    wire.stage(_STAGE)
    try:
        ctypes.CDLL(library)
    except OSError as error:
        wire.send("refused", words=str(error))
        return
    _send_news(wire, library, arguments.get("root", "/"))


def _send_news(wire: Wire, library: str, root: str) -> None:
    from pathlib import Path  # noqa: PLC0415 -- see above

    import msgspec  # noqa: PLC0415

    from rigcheck.facts import Gpu  # noqa: PLC0415
    from rigcheck.probes.nvml_news import read_news  # noqa: PLC0415

    for news in read_news(library, Path(root), wire.stage):
        if isinstance(news, Gpu):
            wire.send("gpu", gpu=msgspec.to_builtins(news))
        else:
            wire.send("nvml", part=msgspec.to_builtins(news))
