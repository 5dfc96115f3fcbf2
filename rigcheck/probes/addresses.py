"""The addresses of network interfaces, as the kernel tells them by rtnetlink: man 7 rtnetlink.

What `ip address` and getifaddrs(3) ask, too; Python's own library has neither.
"""

import errno
import socket
import struct
from collections.abc import Iterator

from rigcheck.facts import Fact, Failed, Found

_SOURCE = "rtnetlink, RTM_GETADDR"
_HEADER = struct.Struct("=IHHII")
"""nlmsghdr: length, type, flags, sequence, port."""
_ABOUT = struct.Struct("=BBBBI")
"""ifaddrmsg: family, prefix length, flags, scope, number of the interface."""
_ATTRIBUTE = struct.Struct("=HH")
"""rtattr: length, type."""
_ERROR, _DONE, _NEW_ADDRESS, _GET_ADDRESS = 2, 3, 20, 22
_REQUEST_ALL = 0x301
"""NLM_F_REQUEST and NLM_F_DUMP."""
_ADDRESS, _LOCAL = 1, 2
"""IFA_ADDRESS is the other end's on a point-to-point link, which has IFA_LOCAL for its own."""
_FAMILIES = (socket.AF_INET, socket.AF_INET6)
_ANSWER_BYTES = 65_536
"""The kernel sends 32 KiB at most at a time: linux/net/netlink/af_netlink.c."""
_TIME_LIMIT_S = 2.0

Addresses = dict[str, tuple[str, ...]]
"""Those of each interface by its name, IPv4 before IPv6."""


def read_addresses() -> Fact[Addresses]:
    """All addresses of this machine."""
    try:
        numbered = _ask()
        names = dict(socket.if_nameindex())
    except OSError as error:
        return Failed(error.strerror or str(error), _SOURCE)
    addresses = {
        name: tuple(a for family in _FAMILIES for f, n, a in numbered if (f, n) == (family, number))
        for number, name in names.items()
    }
    return Found(addresses, _SOURCE)


def _ask() -> list[tuple[int, int, str]]:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW) as kernel:
        kernel.settimeout(_TIME_LIMIT_S)
        length = _HEADER.size + _ABOUT.size
        header = _HEADER.pack(length, _GET_ADDRESS, _REQUEST_ALL, 1, 0)
        kernel.send(header + _ABOUT.pack(socket.AF_UNSPEC, 0, 0, 0, 0))
        found: list[tuple[int, int, str]] = []
        is_done = False
        while not is_done:
            more, is_done = parse_answer(kernel.recv(_ANSWER_BYTES))
            found += more
        return found


def parse_answer(answer: bytes) -> tuple[list[tuple[int, int, str]], bool]:
    """Family, interface's number and address of each message, and whether it was the last.

    Raises:
        OSError: if the kernel refuses, or what came is no such answer.
    """
    found: list[tuple[int, int, str]] = []
    for kind, content in _messages(answer):
        if kind == _DONE:
            return found, True
        if kind == _ERROR:
            (code,) = struct.unpack_from("=i", content)
            raise OSError(-code, "the kernel refuses to list addresses")
        if kind == _NEW_ADDRESS:
            family, _, _, _, number = _ABOUT.unpack_from(content)
            attributes = dict(_attributes(content[_ABOUT.size :]))
            raw = attributes.get(_LOCAL) or attributes.get(_ADDRESS)
            if raw is not None and family in _FAMILIES:
                found.append((family, number, socket.inet_ntop(family, raw)))
    return found, False


def _messages(answer: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _HEADER.size <= len(answer):
        length, kind, *_ = _HEADER.unpack_from(answer, at)
        if not _HEADER.size <= length <= len(answer) - at:
            raise OSError(errno.EBADMSG, "the kernel's list of addresses cannot be read")
        yield kind, answer[at + _HEADER.size : at + length]
        at += _aligned(length)


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _ATTRIBUTE.size <= len(content):
        length, kind = _ATTRIBUTE.unpack_from(content, at)
        if length < _ATTRIBUTE.size:
            return
        yield kind, content[at + _ATTRIBUTE.size : at + length]
        at += _aligned(length)


def _aligned(length: int) -> int:
    """Messages and attributes begin at multiples of four bytes."""
    return (length + 3) & ~3
