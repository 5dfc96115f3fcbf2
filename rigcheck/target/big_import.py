"""The import of a framework, in less time."""

import contextlib
import gc
from typing import Iterator


@contextlib.contextmanager
def big_import() -> Iterator[None]:
    """No garbage is looked for meanwhile, nor later among what was imported.

    Nearly all that a framework makes as it is imported stays to the end. Python looks through it
    again and again all the same, which takes a tenth of torch's import.
    """
    had_collector = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if had_collector:
            gc.enable()
