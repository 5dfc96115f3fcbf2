import socket
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Fact, Found, Reason, value_of
from rigcheck.probes.sshd import password_login, ports_of, read_listen_addresses, suffices
from rigcheck.probes.sshd_config import Hidden, SshdConfig, parse_sshd_config
from tests.probes.trees import write_tree

HEADER = "  sl  local_address rem_address   st\n"
HIDDEN = Hidden(path="/etc/ssh/sshd_config.d/50-cloud-init.conf")


def config(text: str, *, hidden: bool = False) -> Found[SshdConfig]:
    entries = ((HIDDEN,) if hidden else ()) + parse_sshd_config(text)
    return Found(SshdConfig(entries=entries, source="sshd_config"), "sshd_config")


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("", {22}),
        ("Port 2222", {2222}),
        ("Port 22\nPort 2222", {22, 2222}),
        ("Port 2222\nListenAddress 10.0.0.5", {2222}),
        ("Port 2222\nListenAddress 10.0.0.5:22", {22}),
        ("ListenAddress [::1]:8022\nListenAddress ::1", {8022, 22}),
        ("ListenAddress 10.0.0.5:22 rdomain blue", {22}),
    ],
)
def test_ports_are_those_of_the_addresses_else_of_port(text: str, ports: set[int]) -> None:
    assert ports_of(config(text).value) == ports


def test_a_real_listening_socket_on_the_configured_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        addresses = read_listen_addresses(Path("/"), config(f"Port {port}"))
    assert value_of(addresses) == (f"127.0.0.1:{port}",)


def test_a_server_that_does_not_listen_is_not_there(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"proc/net/tcp": HEADER, "proc/net/tcp6": HEADER})
    addresses = read_listen_addresses(root, config(""))
    assert isinstance(addresses, Absent)
    assert addresses.reason is Reason.NOT_THERE
    assert addresses.detail == "nothing listens on port 22"


def test_with_a_hidden_file_it_may_listen_elsewhere(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"proc/net/tcp": HEADER, "proc/net/tcp6": HEADER})
    addresses = read_listen_addresses(root, config("", hidden=True))
    assert isinstance(addresses, Absent)
    assert (addresses.reason, addresses.source) == (Reason.NO_PERMISSION, HIDDEN.path)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("PasswordAuthentication yes", True),
        ("PasswordAuthentication no", False),
        # Debian's PAM asks for the password in a dialogue, which is another method.
        ("PasswordAuthentication no\nUsePAM yes", True),
        ("PasswordAuthentication no\nUsePAM yes\nKbdInteractiveAuthentication no", False),
        ("PasswordAuthentication no\nUsePAM yes\nChallengeResponseAuthentication no", False),
        ("AuthenticationMethods publickey", False),
        ("AuthenticationMethods publickey,password publickey", False),
        ("AuthenticationMethods publickey password", True),
    ],
)
def test_a_password_lets_in_by_either_method(text: str, allowed: bool) -> None:
    assert value_of(password_login(config(text))) is allowed


def test_a_hidden_file_leaves_it_unknown() -> None:
    login = password_login(config("PasswordAuthentication no", hidden=True))
    assert isinstance(login, Absent)
    assert login.reason is Reason.NO_PERMISSION


def test_without_a_server_both_are_absent(tmp_path: Path) -> None:
    missing: Fact[SshdConfig] = Absent(Reason.NOT_THERE, "/etc/ssh/sshd_config")
    assert password_login(missing) is missing
    assert read_listen_addresses(tmp_path, missing) is missing


def test_a_dialogue_of_pam_is_a_password_too() -> None:
    assert suffices("keyboard-interactive:pam")
    assert not suffices("publickey,keyboard-interactive:pam")
