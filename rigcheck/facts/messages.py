"""What was said of errors: the kernel's log, and error texts that somebody met."""

import msgspec

from rigcheck.facts.fact import NOT_ASKED, Fact, Part


class Xid(msgspec.Struct, frozen=True, kw_only=True):
    """An error of a GPU that the driver wrote to the kernel's log, once or several times."""

    code: int
    """NVIDIA's number of it."""
    pci_bus_id: str
    """`0000:01:00.0`, as `PciGpu.pci_bus_id`."""
    count: int
    first_s: float
    """Of the first line, in seconds since boot."""
    text: str
    """The first line. Foreign text."""


class KernelMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the kernel's log that rigcheck's table of messages knows."""

    id: str
    """Of the table's row: `legacy-branch-needed`."""
    pci_bus_id: str
    """The GPU that the line or the one before names; empty where none does."""
    argument: str
    """What the row's pattern catches, as a driver's branch; empty where it catches nothing."""
    count: int
    first_s: float
    """Of the first such line, in seconds since boot."""
    text: str
    """The first such line. Foreign text."""


class OomKill(msgspec.Struct, frozen=True, kw_only=True):
    """A process that the kernel ended because memory ran out, of one name once or several times."""

    process: str
    """The kernel's short name of it. Foreign text."""
    is_group_limit: bool
    """The memory of its control group ran out, as a container's, not that of the machine."""
    count: int
    first_s: float
    """Of the first, in seconds since boot."""
    text: str
    """The first line. Foreign text."""


class KernelLog(Part, frozen=True, kw_only=True):
    """What the kernel's log tells of GPUs and of memory, since boot or as far as it reaches."""

    reaches_boot: Fact[bool] = NOT_ASKED
    """False where the oldest lines were overwritten, so that no error in it does not mean none."""
    xids: Fact[tuple[Xid, ...]] = NOT_ASKED
    """In order of their first line: of one fault's several Xids the first is the cause."""
    messages: Fact[tuple[KernelMessage, ...]] = NOT_ASKED
    """In order of their first line."""
    oom_kills: Fact[tuple[OomKill, ...]] = NOT_ASKED
    """Processes ended for want of memory, in order of their first line."""


class Symptom(msgspec.Struct, frozen=True, kw_only=True):
    """A known error text that was met, in a log or a traceback."""

    name: str
    """Of the row in the table of symptoms: `no-kernel-image`."""
    text: str
    """The line that says it, as it was met."""
    source: str
    """Where it was met: `line 12`."""


class Symptoms(Part, frozen=True, kw_only=True):
    """Error texts that somebody met on this machine."""

    seen: Fact[tuple[Symptom, ...]] = NOT_ASKED
