"""What the loader's refusal of NVML's file means."""

from typing import TypeAlias

from rigcheck.facts import Absent, Failed, Reason

Refusal: TypeAlias = Absent | Failed


def parse_loader_error(text: str, library: str) -> Refusal:
    """Tells a library that is not there from one that is and cannot be loaded.

    A missing file of another name is a dependency, so the library itself was found.
    """
    source = f"dlopen {library}"
    if library in text and "no such file" in text.lower():
        return Absent(Reason.NOT_THERE, source, text)
    return Failed(text, source)
