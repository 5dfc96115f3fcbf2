"""The forms of values in `nvidia-smi -q` and `-q -x`; None for one in no such form."""

import re

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.ingest.smi_table import bus_id

_MIB = 1024 * 1024
_NUMBER = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)(?: (?:MiB|W|MHz|C|%|x))?")
_YES = {"Enabled": True, "Yes": True, "Active": True, "Disabled": False, "No": False}
_MODES = {
    "Default": "default",
    "Exclusive_Process": "exclusive process",
    "Prohibited": "prohibited",
    "Exclusive_Thread": "exclusive thread",
}


def word(told: Found[str]) -> Fact[str] | None:
    """What it says; None where that is nothing."""
    return None if told.value in ("N/A", "[N/A]", "Unknown Error") else told


def bus(told: Found[str]) -> Fact[str] | None:
    """`00000000:01:00.0`."""
    is_bus = re.fullmatch(r"[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.\d", told.value)
    return Found(bus_id(told.value), told.source) if is_bus else None


def number(told: Found[str]) -> Fact[float] | None:
    """`314.02 W`, `74 C`."""
    match = _NUMBER.fullmatch(told.value)
    return Found(float(match[1]), told.source) if match else None


def integer(told: Found[str]) -> Fact[int] | None:
    """`1515 MHz`."""
    match = _NUMBER.fullmatch(told.value)
    return Found(int(float(match[1])), told.source) if match else None


def mebibytes(told: Found[str]) -> Fact[int] | None:
    """`24576 MiB`, in bytes."""
    match = re.fullmatch(r"(\d{1,9}) MiB", told.value)
    return Found(int(match[1]) * _MIB, told.source) if match else None


def answer(told: Found[str]) -> Fact[bool] | None:
    """`Enabled`, `No`."""
    yes = _YES.get(told.value)
    return None if yes is None else Found(yes, told.source)


def mode(told: Found[str]) -> Fact[str] | None:
    """`Exclusive_Process`."""
    return Found(_MODES[told.value], told.source) if told.value in _MODES else None


def ecc(told: Found[str]) -> Fact[bool] | None:
    """As `answer`; N/A is a card without it."""
    if told.value == "N/A":
        return Absent(Reason.NOT_SUPPORTED, told.source)
    return answer(told)
