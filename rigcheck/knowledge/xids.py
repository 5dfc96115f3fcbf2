"""Xids: what each of the driver's error numbers means and asks for."""

from functools import cache
from typing import Literal

import msgspec

from rigcheck.knowledge.table import Row, load_table

Side = Literal["", "app", "driver", "gpu", "hardware", "link", "power", "info"]
Severity = Literal["", "error", "warn", "info"]
_IGNORE = "IGNORE"
FELL_OFF_BUS = 79


class XidRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One Xid."""

    code: int
    mnemonic: str
    """In the driver's source."""
    nvidia: str = ""
    """NVIDIA's own description."""
    nvidia_older: str = ""
    """The older catalogue's, for a number that the current one calls unused."""
    immediate: str = ""
    """NVIDIA's token for what to do at once; [[action]] puts it in words."""
    investigate: str = ""
    """NVIDIA's token for what to do afterwards."""
    side: Side = ""
    """Where the fault lies most often; empty where only NVIDIA's text is known."""
    severity: Severity = ""
    meaning: str = ""
    likely: str = ""
    action: str = ""

    @property
    def text(self) -> str:
        """What it means, in plain words where there are any."""
        return self.meaning or self.nvidia or self.nvidia_older

    @property
    def weight(self) -> Severity:
        """How bad it is; where nobody weighed it, harmless only if NVIDIA says to ignore it."""
        return self.severity or ("info" if self.immediate == _IGNORE else "warn")

    @property
    def advice(self) -> str:
        """What to do."""
        return self.action or plain(self.immediate) or plain(self.investigate)


class Action(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of NVIDIA's tokens in words."""

    token: str
    plain: str


class XidTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`xids.toml`."""

    xid: tuple[XidRow, ...]
    action: tuple[Action, ...]


@cache
def table() -> XidTable:
    """The whole table."""
    return load_table("xids", XidTable)


def xid_of(code: int) -> XidRow | None:
    """The row of a number; None for one the table does not know."""
    return next((row for row in table().xid if row.code == code), None)


def plain(token: str) -> str:
    """A token in words; empty for one the table does not know."""
    return next((row.plain for row in table().action if row.token == token), "")
