"""The import of a framework, in less time."""

import gc


def big_import() -> "_Uncollected":
    """No garbage is looked for meanwhile, nor later among what was imported.

    Nearly all that a framework makes as it is imported stays to the end. Python looks through it
    again and again all the same, which takes a tenth of torch's import.
    """
    return _Uncollected()


class _Uncollected:
    """Not by contextlib, for see `rigcheck.target`."""

    def __enter__(self) -> None:
        self._had_collector = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        gc.freeze()
        if self._had_collector:
            gc.enable()
