"""Foreign text made harmless for files that other programs read: pages, XML, lines of metrics."""

import re

from rigcheck.terminal import plain

# No character at all in XML, though Python prints it: https://www.w3.org/TR/xml/#charsets
_NO_CHARACTER = re.compile("[\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
) + "]")  # fmt: skip


def shown(text: str, *, multiline: bool = False) -> str:
    r"""Text that every format can hold; what controls or is no character is shown as `\x1b`."""
    told = plain(text, multiline=multiline)
    return _NO_CHARACTER.sub(lambda match: f"\\u{ord(match[0]):04x}", told)


def one_line(text: str) -> str:
    """The first line of it, for where one has room."""
    return shown(text.strip().partition("\n")[0])
