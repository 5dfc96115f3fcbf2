"""A report without what is private in it, and what kinds of things that were.

By allow-list: `rigcheck.report.allowed` decides on every text; one that nobody decided on goes.
Numbers stay, but those of processes.
"""

import functools
import re
from collections.abc import Callable

import msgspec

from rigcheck.facts import Found, Gpu, Rig
from rigcheck.report.allowed import REMOVED_KINDS, Decision
from rigcheck.report.placeholders import Placeholders
from rigcheck.report.private import OwnNames, harmless_versions, is_bus_id, private_words
from rigcheck.report.report import Report
from rigcheck.report.scrub import Scrubber
from rigcheck.report.texts import Text, map_texts

_PORT = re.compile(r":\d{1,5}$")
_OPEN_TO_ALL = frozenset({"0.0.0.0", "::", "[::]", "*", "127.0.0.1", "::1", "[::1]"})  # noqa: S104


def redact(report: Report, own: OwnNames) -> Report:
    """The report with placeholders; the same private text has the same one throughout."""
    placeholders = Placeholders()
    _number_devices(report, placeholders)
    scrubber = Scrubber(placeholders, private_words(report, own), harmless_versions(report))

    changes = _changes(scrubber, placeholders)

    def change(found: Text) -> str:
        return changes[found.decision](found.text) if found.text else ""

    changed = map_texts(report, change)
    kinds = tuple(words for kind, words in REMOVED_KINDS.items() if kind in placeholders.kinds)
    removed = tuple(dict.fromkeys((*report.removed, *kinds)))
    return msgspec.structs.replace(changed, rig=_without_pids(changed.rig), removed=removed)


def _number_devices(report: Report, placeholders: Placeholders) -> None:
    """GPUs as NVML counts them, wherever they are met first."""
    gpus = report.rig.nvml.gpus
    for gpu in gpus.value if isinstance(gpus, Found) else ():
        if isinstance(gpu.uuid, Found):
            placeholders.of("GPU", gpu.uuid.value)


def _changes(
    scrubber: Scrubber, placeholders: Placeholders
) -> dict[Decision | None, Callable[[str], str]]:
    """What carries each decision out; without one the whole text goes."""
    return {
        None: functools.partial(placeholders.of, "removed"),
        Decision.KEEP: str,
        Decision.NAME: scrubber.name,
        Decision.TEXT: scrubber.text,
        Decision.PATH: scrubber.path,
        Decision.PROCESS: scrubber.process,
        Decision.HOST: functools.partial(placeholders.of, "host"),
        Decision.SERIAL: functools.partial(placeholders.of, "serial"),
        Decision.ADDRESS: lambda text: _address(text, placeholders),
        Decision.DEVICE: lambda text: text if is_bus_id(text) else placeholders.of_device(text),
    }


def _address(text: str, placeholders: Placeholders) -> str:
    """`192.0.2.7:22` → `<address>:22`; where it listens to everybody, that is worth knowing."""
    port = _PORT.search(text) if text.count(":") == 1 or text.startswith("[") else None
    address = text[: port.start()] if port else text
    if address in _OPEN_TO_ALL:
        return text
    return placeholders.of("address", address.strip("[]")) + (port[0] if port else "")


def _without_pids(rig: Rig) -> Rig:
    """Processes numbered as they stand: their numbers say when a machine was started and used."""
    if not isinstance(rig.nvml.gpus, Found):
        return rig
    gpus = tuple(_with_numbered_processes(gpu) for gpu in rig.nvml.gpus.value)
    found = msgspec.structs.replace(rig.nvml.gpus, value=gpus)
    return msgspec.structs.replace(rig, nvml=msgspec.structs.replace(rig.nvml, gpus=found))


def _with_numbered_processes(gpu: Gpu) -> Gpu:
    if not isinstance(gpu.processes, Found):
        return gpu
    numbered = tuple(
        msgspec.structs.replace(process, pid=number)
        for number, process in enumerate(gpu.processes.value, 1)
    )
    return msgspec.structs.replace(
        gpu, processes=msgspec.structs.replace(gpu.processes, value=numbered)
    )
