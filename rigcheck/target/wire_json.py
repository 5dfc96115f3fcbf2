"""JSON as the wire needs it, without the module json.

That and what it brings along (re, enum, collections) take as long to import as the interpreter
takes to start, and most children say a dozen lines.
"""

from __future__ import annotations

try:
    from _json import encode_basestring_ascii as _quoted
except ImportError:  # an interpreter that is not CPython
    from json.encoder import encode_basestring_ascii as _quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_WORDS = {None: "null", True: "true", False: "false"}


def encode(value: Any) -> str:
    """The value in one line of ASCII; a NaN or infinity becomes null.

    Raises:
        TypeError: if JSON has no such thing.
    """
    if isinstance(value, str):
        return _quoted(value)
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    # A subclass may spell itself otherwise, as an enumeration does.
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value) if value - value == 0 else "null"
    if isinstance(value, dict):
        return "{" + ",".join([_quoted(k) + ":" + encode(v) for k, v in value.items()]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([encode(item) for item in value]) + "]"
    raise TypeError("not to be sent: {!r}".format(type(value).__name__))
