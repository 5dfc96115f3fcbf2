"""A card's memory errors, and what the driver wants done about it."""

from typing import Any

from rigcheck.facts import Absent, Fact, Found, Reason, RemappedRows
from rigcheck.gpu import numbers
from rigcheck.gpu.driver import Handle
from rigcheck.gpu.numbers import word
from rigcheck.nvml import ask, ask_field

_CONSUMER = "GeForce"


def ecc_mode(gpu: Handle) -> tuple[Fact[bool], Fact[bool]]:
    """Now, and after the next reboot; most GeForce have none."""
    modes = ask("nvmlDeviceGetEccMode", gpu, take=list)
    if not isinstance(modes, Found):
        return modes, modes
    now, later = (Found(bool(mode), modes.source) for mode in modes.value)
    return now, later


def ecc_errors(gpu: Handle, kind: int, counter: int) -> Fact[int]:
    """`kind` is corrected or not, `counter` counts since the driver's load or for life."""
    return ask("nvmlDeviceGetTotalEccErrors", gpu, kind, counter, take=int)


def retired_pages(gpu: Handle, cause: int) -> Fact[int]:
    """How many memory pages were taken out of use for one of the two causes."""
    return ask("nvmlDeviceGetRetiredPages", gpu, cause, take=len)


def retired_pages_pending(gpu: Handle) -> Fact[bool]:
    """Some wait for the next reboot."""
    return ask("nvmlDeviceGetRetiredPagesPendingStatus", gpu, take=bool)


def remapped_rows(gpu: Handle, brand: Fact[str], name: Fact[str]) -> Fact[RemappedRows]:
    """Since Ampere. A GeForce that does not count them answers with zeros (leptonai/gpud#351)."""
    rows = ask("nvmlDeviceGetRemappedRows", gpu, take=parse_remapped_rows)
    is_zero = isinstance(rows, Found) and rows.value == parse_remapped_rows((0, 0, 0, 0))
    if is_zero and _CONSUMER in _text(brand) + _text(name):
        return Absent(
            Reason.NOT_SUPPORTED, rows.source, "zeros, which a GeForce also says uncounted"
        )
    return rows


def parse_remapped_rows(told: tuple[int, int, int, int]) -> RemappedRows:
    """NVML's four numbers, of which two are truth values."""
    correctable, uncorrectable, pending, failure = told
    return RemappedRows(
        correctable=correctable,
        uncorrectable=uncorrectable,
        pending=bool(pending),
        failure=bool(failure),
    )


def recovery_action(gpu: Handle) -> Fact[str]:
    """What would bring the GPU back: `none` where nothing is wrong."""
    return ask_field(
        gpu,
        numbers.FIELD_RECOVERY_ACTION,
        take=lambda number: word(numbers.RECOVERY_ACTIONS, number),
    )


def _text(fact: Fact[Any]) -> str:
    return str(fact.value) if isinstance(fact, Found) else ""
