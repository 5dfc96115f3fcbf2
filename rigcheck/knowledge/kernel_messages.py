"""Lines of the kernel's log that tell why a GPU cannot be used."""

from functools import cache

import msgspec

from rigcheck.knowledge.table import Row, load_table


class Message(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of line."""

    id: str
    pattern: str
    """A regular expression, looked for in one line; its first group is the message's argument."""
    quote: str
    """Such a line as it was seen, ` / ` where a new line begins."""
    meaning: str
    fix: str = ""


class MessageTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kernel_messages.toml`."""

    message: tuple[Message, ...]


@cache
def table() -> MessageTable:
    """The whole table."""
    return load_table("kernel_messages", MessageTable)


def message_of(id_: str) -> Message | None:
    """The row of `secure-boot`; None for one the table does not know."""
    return next((row for row in table().message if row.id == id_), None)
