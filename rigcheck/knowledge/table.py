"""Reading a table: TOML beside this file to the type that describes it."""

import sys
from pathlib import Path
from typing import Any, TypeVar

import msgspec

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

T = TypeVar("T")


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every row: where it was read and when."""

    source: str
    checked: str
    """`2026-11-22`."""
    also: tuple[str, ...] = ()
    note: str = ""
    confidence: str = ""
    """Empty where the row was read at its source; else what of it was not."""


def load_table(name: str, table_type: type[T]) -> T:
    """The table `name` (without `.toml`), every field checked.

    Raises:
        msgspec.ValidationError: if the file does not match `table_type`.
    """
    # Not importlib.resources, which takes longer to import than all tables to read.
    text = Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8")
    content: dict[str, Any] = tomllib.loads(text)
    return msgspec.convert(content, type=table_type)
