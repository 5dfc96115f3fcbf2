"""What a kernel's log says of GPUs, from its lines."""

import json
import re
from collections.abc import Iterable, Iterator

import msgspec

from rigcheck.facts import KernelMessage, Xid
from rigcheck.knowledge import kernel_messages
from rigcheck.knowledge.xids import FELL_OFF_BUS

_MICROSECONDS_A_SECOND = 1_000_000
_TEXT_LIMIT = 500
_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
_BUS_ID = r"(?:PCI:)?((?:[0-9a-fA-F]{4,8}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}(?:\.[0-7])?)"
# `NVRM: Xid (PCI:0000:05:00): 79, pid=…`; drivers before 2014 leave `PCI:` out, some add ` GPU-…`.
_XID = re.compile(rf"NVRM: Xid \({_BUS_ID}[^)]*\)[^:]*: (\d+)")
# The same fault without its number, in one line or in two.
_FALLEN_OFF = re.compile(r"NVRM:.*\bfallen off the bus")
_NAMED_GPU = re.compile(r"\b([0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}(?:\.[0-7])?)\b")
_NVRM = "NVRM:"


class LogLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line."""

    at_s: float
    """Since boot."""
    text: str


def parse_kmsg(records: str) -> tuple[LogLine, ...]:
    r"""From /dev/kmsg: `6,339,5140900,-;text`, then lines of ` KEY=value` (kernel: dev-kmsg).

    What is not printable is written `\x0a`; a record of several lines becomes as many lines.
    """
    return tuple(line for record in records.splitlines() for line in _record_lines(record))


def _record_lines(record: str) -> Iterator[LogLine]:
    prefix, semicolon, escaped = record.partition(";")
    fields = prefix.split(",")
    if record.startswith(" ") or not semicolon or len(fields) < 4 or not fields[2].isdigit():  # noqa: PLR2004 -- level, number, time, flags
        return
    text = escaped
    if "\\" in escaped:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), escaped)
    for line in text.splitlines():
        yield LogLine(at_s=int(fields[2]) / _MICROSECONDS_A_SECOND, text=line)


def parse_journal(text: str) -> tuple[LogLine, ...]:
    """From `journalctl -o json`, an object a line.

    Raises:
        ValueError: if a line is no JSON object.
    """
    return tuple(line for entry in text.splitlines() for line in _entry_lines(entry))


def _entry_lines(entry: str) -> Iterator[LogLine]:
    fields = json.loads(entry)
    if not isinstance(fields, dict):
        raise ValueError("not an object of the journal")  # noqa: TRY004 -- what parsers raise
    message, time = fields.get("MESSAGE"), str(fields.get("_SOURCE_MONOTONIC_TIMESTAMP", ""))
    if isinstance(message, list):  # what is not UTF-8 comes as the numbers of its bytes
        message = bytes(message).decode(errors="replace")
    at_s = int(time) / _MICROSECONDS_A_SECOND if time.isdigit() else 0.0
    for line in str(message or "").splitlines():
        yield LogLine(at_s=at_s, text=line)


def find_xids(lines: tuple[LogLine, ...]) -> tuple[Xid, ...]:
    """Each number of each GPU once, in order of its first line."""
    xids: dict[tuple[int, str], Xid] = {}
    for index, line in enumerate(lines):
        for code, bus_id in _xids_in(lines, index) if _NVRM in line.text else ():
            before = xids.get((code, bus_id))
            xids[code, bus_id] = Xid(
                code=code,
                pci_bus_id=bus_id,
                count=before.count + 1 if before else 1,
                first_s=before.first_s if before else line.at_s,
                text=before.text if before else shortened(line.text),
            )
    return tuple(xids.values())


def _xids_in(lines: tuple[LogLine, ...], index: int) -> Iterator[tuple[int, str]]:
    text = lines[index].text
    match = _XID.search(text)
    if match is not None:
        yield int(match[2]), normal_bus_id(match[1])
    elif _FALLEN_OFF.search(text):
        yield FELL_OFF_BUS, _gpu_named_near(lines, index)


def find_messages(lines: tuple[LogLine, ...]) -> tuple[KernelMessage, ...]:
    """Each kind of line about each GPU once, in order of its first line."""
    messages: dict[tuple[str, str, str], KernelMessage] = {}
    rows = _rows_in(lines)
    for index, line in enumerate(lines if rows else ()):
        for id_, argument in _messages_in(line.text, rows):
            bus_id = _gpu_named_near(lines, index)
            before = messages.get((id_, bus_id, argument))
            messages[id_, bus_id, argument] = KernelMessage(
                id=id_,
                pci_bus_id=bus_id,
                argument=argument,
                count=before.count + 1 if before else 1,
                first_s=before.first_s if before else line.at_s,
                text=before.text if before else _in_context(lines, index),
            )
    return tuple(messages.values())


def _rows_in(lines: tuple[LogLine, ...]) -> tuple[kernel_messages.Message, ...]:
    """Those that occur at all: a log of ten thousand lines mostly has none."""
    text = "\n".join(line.text for line in lines)
    return tuple(row for row in kernel_messages.table().message if re.search(row.pattern, text))


def _messages_in(text: str, rows: Iterable[kernel_messages.Message]) -> Iterator[tuple[str, str]]:
    for row in rows:
        match = re.search(row.pattern, text)
        if match is not None:
            yield row.id, match[1] if match.lastindex else ""


def normal_bus_id(text: str) -> str:
    """`05:00`, `0000:05:00`, `00000000:05:00.0` → `0000:05:00.0`, as sysfs names it."""
    domain, bus, device = ("0000:" + text).split(":")[-3:]
    return f"{int(domain, 16):04x}:{bus}:{device if '.' in device else f'{device}.0'}".lower()


def _gpu_named_near(lines: tuple[LogLine, ...], index: int) -> str:
    """The driver names the GPU in the line itself or in one of the two before it."""
    near = lines[max(0, index - 2) : index + 1]
    for line in reversed(near):
        match = _NAMED_GPU.search(line.text)
        if match is not None and _NVRM in line.text:
            return normal_bus_id(match[1])
    return ""


def _in_context(lines: tuple[LogLine, ...], index: int) -> str:
    """The line with the one before it where that is the same sentence."""
    before = lines[index - 1].text if index else ""
    if before.startswith(_NVRM) and not before.rstrip().endswith((".", "!")):
        rest = lines[index].text.removeprefix(_NVRM).strip()
        return shortened(f"{before.rstrip()} {rest}")
    return shortened(lines[index].text)


def shortened(text: str) -> str:
    """A line, without what is beyond some 500 characters of it."""
    text = text.strip()
    return text if len(text) <= _TEXT_LIMIT else text[: _TEXT_LIMIT - 1] + "…"
