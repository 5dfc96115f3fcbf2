"""What a probe is."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from rigcheck.facts import NOT_ASKED, Absent, Failed, Found, Part, Reason
from rigcheck.launching import Launch, TaskProcess

P = TypeVar("P", bound=Part)

S = TypeVar("S", bound=msgspec.Struct)


T = TypeVar("T")


class Shared:
    """What several probes of one check need, found by the first that asks; the others wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, Any] = {}

    def once(self, name: str, find: Callable[[], T]) -> T:
        """What `find` returns; if it raises, the next that asks tries again."""
        with self._lock:
            if name not in self._found:
                self._found[name] = find()
            found: T = self._found[name]
            return found


class ProbeContext(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked about."""

    python: str
    """Executable of the interpreter to check."""
    data_dir: Path
    """Where the training data lies or would lie."""
    nvml_library: str | None = None
    """NVML's file; None for the loader's choice."""
    compile: bool = False
    """Try the frameworks' own compilers, which takes up to minutes."""
    vram_test: bool = False
    """Write patterns to the GPUs' free memory and read them back."""
    root: Path = Path("/")
    """Where /proc, /sys, /etc and /dev are looked up; tests point it at recorded machines."""
    launch: Launch = TaskProcess
    """Gives the process of a child; a head start may have it running already."""
    shared: Shared = msgspec.field(default_factory=Shared)
    """Of one check: the next one finds anew."""


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """Finds one part of the rig.

    `run` may take up to `time_limit_s`, after which it is abandoned. It may raise: that becomes
    the reason why its facts are missing, and the other probes go on.
    """

    part: str
    """Name of the field of `Rig` that it fills."""
    title: str
    """For people: `NVIDIA driver`."""
    time_limit_s: float
    run: Callable[[ProbeContext], Part]
    is_wanted: Callable[[ProbeContext], bool] = lambda _: True
    """False where it is to be left out unless somebody asks for it."""
    takes_turns: bool = False
    """True for one that keeps Python itself busy, with files to read: one such after the other."""
    is_last: bool = False
    """True for one that would disturb the others: it starts when they have answered."""


class ProbeOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a probe went: its time and success are data, too."""

    part: str
    duration_s: float
    error: str = ""
    """Why it found nothing at all; empty when it ran through."""


def failed_part(part_type: type[P], error: str, source: str) -> P:
    """A part of which every fact failed for the same reason."""
    failed = Failed(error, source)
    return part_type(**dict.fromkeys(part_type.__struct_fields__, failed))


def fill_unasked(facts: S, why: Absent | Failed) -> S:
    """The same part or device; each of its facts that was not asked is missing for this reason."""
    unasked = [name for name in facts.__struct_fields__ if getattr(facts, name) == NOT_ASKED]
    return msgspec.structs.replace(facts, **dict.fromkeys(unasked, why))


def read_text(path: Path) -> Found[str] | Absent | Failed:
    """A small text file of the kernel or the system, stripped; its path is the source."""
    try:
        # A check reads hundreds; without the layers of a text file that takes half as long.
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 -- as above
            return Found(file.read().decode(errors="replace").strip(), str(path))
    except FileNotFoundError:
        return Absent(Reason.NOT_THERE, str(path))
    except PermissionError:
        return Absent(Reason.NO_PERMISSION, str(path))
    except OSError as error:
        return Failed(error.strerror or str(error), str(path))
