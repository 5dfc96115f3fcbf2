"""The kernel's log: GPU errors (Xids), reasons for not driving a card, processes out of memory.

It is read from /dev/kmsg, which many systems keep from ordinary users, else from the journal, which
reaches back to the boot and which the groups adm and systemd-journal may read.
"""

import os
from pathlib import Path

from rigcheck.facts import Absent, Fact, Failed, Found, KernelLog, Reason
from rigcheck.probes.kernel_lines import (
    LogLine,
    find_messages,
    find_xids,
    parse_journal,
    parse_kmsg,
)
from rigcheck.probes.oom_lines import find_oom_kills
from rigcheck.probes.probe import ProbeContext, fill_unasked
from rigcheck.probes.reading import ask_tool, parsed

_DEVICE = "dev/kmsg"
_RECORD_BYTES = 8192  # the kernel refuses a shorter buffer than a record
_JOURNAL = ("journalctl", "-k", "-b", "-o", "json", "-n", "50000", "--no-pager", "--quiet")
_JOURNAL_FIELDS = "--output-fields=MESSAGE,_SOURCE_MONOTONIC_TIMESTAMP"
_TIME_LIMIT_S = 10.0
_FIRST_LINE = "Linux version "


def read_kernel_log(context: ProbeContext) -> KernelLog:
    """Reads /dev/kmsg; the journal where that is shut or its oldest lines are overwritten."""
    lines = parsed(read_kmsg(context.root / _DEVICE), parse_kmsg)
    # The journal is this machine's; a recorded one has only its files.
    if context.root == Path("/") and not (isinstance(lines, Found) and reaches_boot(lines.value)):
        journal = _read_journal()
        lines = journal if isinstance(journal, Found) else lines
    if not isinstance(lines, Found):
        return fill_unasked(KernelLog(), lines)
    return KernelLog(
        reaches_boot=Found(reaches_boot(lines.value), lines.source),
        xids=Found(find_xids(lines.value), lines.source),
        messages=Found(find_messages(lines.value), lines.source),
        oom_kills=Found(find_oom_kills(lines.value), lines.source),
    )


def read_kmsg(device: Path) -> Fact[str]:
    """All records that the kernel still has, without waiting for new ones."""
    source = str(device)
    try:
        file = os.open(device, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return Absent(Reason.NOT_SUPPORTED, source, "the kernel's log cannot be seen from here")
    except PermissionError:
        return Absent(Reason.NO_PERMISSION, source, "sudo dmesg shows it")
    except OSError as error:
        return Failed(error.strerror or str(error), source)
    try:
        return Found(_read_records(file).decode(errors="replace"), source)
    except PermissionError:
        return Absent(Reason.NO_PERMISSION, source, "sudo dmesg shows it")
    except OSError as error:
        return Failed(error.strerror or str(error), source)
    finally:
        os.close(file)


def reaches_boot(lines: tuple[LogLine, ...]) -> bool:
    """Whether the kernel's first line is still among them."""
    return any(line.text.startswith(_FIRST_LINE) for line in lines)


def _read_records(file: int) -> bytes:
    records = []
    while True:
        try:
            record = os.read(file, _RECORD_BYTES)
        except BlockingIOError:
            break
        except BrokenPipeError:
            continue  # overwritten before we came to it; the next read goes on behind it
        if not record:
            break
        records.append(record)
    return b"".join(records)


def _read_journal() -> Fact[tuple[LogLine, ...]]:
    """The journal's kernel lines since boot. One that may not be read is empty, not refused."""
    lines = parsed(ask_tool(*_JOURNAL, _JOURNAL_FIELDS, timeout_s=_TIME_LIMIT_S), parse_journal)
    if isinstance(lines, Found) and not lines.value:
        return Absent(Reason.NO_PERMISSION, lines.source, "it shows no line of the kernel")
    return lines
