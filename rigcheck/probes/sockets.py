"""Listening TCP sockets, from /proc/net/tcp and tcp6, of all users."""

import ipaddress
import struct
from pathlib import Path

from rigcheck.facts import Fact, Found
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import parsed

_LISTEN = "0A"
_WORD = "=I"
"""Addresses are printed as 32-bit words of the machine's own byte order."""

Socket = tuple[str, int]
"""Address and port."""


def read_listening(root: Path) -> Fact[tuple[Socket, ...]]:
    """Listening sockets of IPv4, then of IPv6, where the machine has it."""
    four = parsed(read_text(root / "proc/net/tcp"), parse_listening)
    six = parsed(read_text(root / "proc/net/tcp6"), parse_listening)
    if not isinstance(four, Found) or not isinstance(six, Found):
        return four if isinstance(four, Found) else six if isinstance(six, Found) else four
    return Found((*four.value, *six.value), f"{four.source}, {six.source}")


def parse_listening(text: str) -> tuple[Socket, ...]:
    """The lines in state LISTEN: `0: 0100007F:0016 00000000:0000 0A …` → (("127.0.0.1", 22),).

    Raises:
        ValueError: if an address is not of that form.
    """
    rows = (line.split() for line in text.splitlines()[1:])
    return tuple(_parse_local(row[1]) for row in rows if len(row) > 3 and row[3] == _LISTEN)  # noqa: PLR2004 -- the state is the fourth column


def socket_text(socket: Socket) -> str:
    """`127.0.0.1:22`, `[::]:22`."""
    address, port = socket
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _parse_local(local: str) -> Socket:
    words, _, port = local.partition(":")
    packed = b"".join(
        struct.pack(_WORD, int(words[i : i + 8], 16)) for i in range(0, len(words), 8)
    )
    address = ipaddress.ip_address(packed)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address), int(port, 16)
