import socket
import sys
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found
from rigcheck.probes.sockets import parse_listening, read_listening, socket_text
from tests.probes.trees import write_tree

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1126 1
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1127 1
   2: 0500000A:0016 0900000A:C738 01 00000000:00000000 00:00000000 00000000     0        0 1128 1
"""
TCP6 = """\
  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 0:0
   1: 0000000000000000FFFF00000100007F:0050 00000000000000000000000000000000:0000 0A 0:0
"""
little_endian = pytest.mark.skipif(sys.byteorder != "little", reason="recorded on little-endian")


@little_endian
def test_listening_sockets_are_told_and_connections_left_out() -> None:
    assert parse_listening(TCP) == (("0.0.0.0", 22), ("127.0.0.1", 8080))  # noqa: S104 -- read, not bound


@little_endian
def test_ipv6_addresses_are_four_words_and_ipv4_s_read_as_such() -> None:
    assert parse_listening(TCP6) == (("::", 22), ("127.0.0.1", 80))


def test_a_garbled_address_is_refused() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the message is int()'s
        parse_listening("header\n 0: zz:0016 0:0 0A\n")


def test_a_socket_reads_as_people_write_it() -> None:
    assert socket_text(("127.0.0.1", 22)) == "127.0.0.1:22"
    assert socket_text(("::", 22)) == "[::]:22"


def test_a_real_socket_is_found_while_it_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        listening = read_listening(Path("/"))
    assert isinstance(listening, Found)
    assert address in listening.value


def test_without_ipv6_the_other_file_is_enough(tmp_path: Path) -> None:
    listening = read_listening(write_tree(tmp_path, {"proc/net/tcp": TCP}))
    assert isinstance(listening, Found)
    assert len(listening.value) == 2


def test_without_either_file_nothing_is_known(tmp_path: Path) -> None:
    assert isinstance(read_listening(tmp_path), Absent)
