"""What the kernel answers on rtnetlink, its own and damaged."""

import socket
import struct

import pytest

from rigcheck.facts import Found
from rigcheck.probes.addresses import parse_answer, read_addresses

NEW_ADDRESS, DONE, ERROR = 20, 3, 2


def attribute(kind: int, value: bytes) -> bytes:
    padding = b"\0" * (-len(value) % 4)
    return struct.pack("=HH", 4 + len(value), kind) + value + padding


def message(kind: int, content: bytes) -> bytes:
    return struct.pack("=IHHII", 16 + len(content), kind, 2, 1, 0) + content


def address(family: int, interface: int, *attributes: bytes) -> bytes:
    about = struct.pack("=BBBBI", family, 24, 0x80, 0, interface)
    return message(NEW_ADDRESS, about + b"".join(attributes))


def test_this_machine_knows_its_own_loopback_first_by_ipv4() -> None:
    addresses = read_addresses()
    assert isinstance(addresses, Found)
    assert addresses.value["lo"][0] == "127.0.0.1"
    assert set(addresses.value) == {name for _, name in socket.if_nameindex()}


def test_each_address_is_told_with_its_interface() -> None:
    four, six = bytes([192, 0, 2, 7]), socket.inet_pton(socket.AF_INET6, "2001:db8::7")
    answer = address(socket.AF_INET, 2, attribute(1, four), attribute(3, b"eth0\0")) + address(
        socket.AF_INET6, 2, attribute(1, six)
    )
    assert parse_answer(answer) == (
        [(socket.AF_INET, 2, "192.0.2.7"), (socket.AF_INET6, 2, "2001:db8::7")],
        False,
    )


def test_of_a_link_from_point_to_point_the_own_end_counts() -> None:
    theirs, ours = bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2])
    answer = address(socket.AF_INET, 3, attribute(1, theirs), attribute(2, ours))
    assert parse_answer(answer)[0] == [(socket.AF_INET, 3, "10.0.0.2")]


def test_the_end_of_the_list_is_seen() -> None:
    assert parse_answer(message(DONE, bytes(4))) == ([], True)


def test_a_refusal_is_told_with_its_number() -> None:
    with pytest.raises(PermissionError, match="refuses"):
        parse_answer(message(ERROR, struct.pack("=i", -1)))


@pytest.mark.parametrize("length", [0, 15, 4_096])
def test_a_message_of_impossible_length_is_no_answer(length: int) -> None:
    with pytest.raises(OSError, match="cannot be read"):
        parse_answer(struct.pack("=IHHII", length, NEW_ADDRESS, 2, 1, 0))
