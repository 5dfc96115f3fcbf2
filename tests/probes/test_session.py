import subprocess
import sys
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Failed, Found, Reason, value_of
from rigcheck.probes.session import (
    parse_status,
    read_locale_encoding,
    read_over_ssh,
    read_terminal,
)
from tests.probes.trees import write_tree

ASK = """
from pathlib import Path
from rigcheck.probes.session import read_over_ssh
print(read_over_ssh(Path("/")))
"""


@pytest.fixture(autouse=True)
def without_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)


def status(name: str, parent: int) -> str:
    return f"Name:\t{name}\nUmask:\t0022\nState:\tS (sleeping)\nPPid:\t{parent}\n"


def test_the_environment_tells_a_login_over_ssh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.9 51000 10.0.0.5 22")
    assert read_over_ssh(tmp_path) == Found(value=True, source="SSH_CONNECTION")


def test_sudo_takes_the_variables_and_leaves_the_parents(tmp_path: Path) -> None:
    files = {
        "proc/self/status": status("python", 30),
        "proc/30/status": status("sudo", 20),
        "proc/20/status": status("bash", 10),
        "proc/10/status": status("sshd-session", 1),
    }
    assert value_of(read_over_ssh(write_tree(tmp_path, files))) is True


def test_a_login_at_the_machine_ends_at_the_first_process(tmp_path: Path) -> None:
    files = {
        "proc/self/status": status("python", 20),
        "proc/20/status": status("gnome-terminal-", 10),
        "proc/10/status": status("systemd", 1),
    }
    assert value_of(read_over_ssh(write_tree(tmp_path, files))) is False


def test_hidden_parents_leave_it_unknown(tmp_path: Path) -> None:
    """Mounted with hidepid=2, /proc shows no processes of others."""
    over_ssh = read_over_ssh(write_tree(tmp_path, {"proc/self/status": status("python", 20)}))
    assert isinstance(over_ssh, Absent)
    assert over_ssh.reason is Reason.NO_PERMISSION


def test_a_garbled_status_fails_and_says_so(tmp_path: Path) -> None:
    over_ssh = read_over_ssh(write_tree(tmp_path, {"proc/self/status": "garbage"}))
    assert isinstance(over_ssh, Failed)
    assert over_ssh.error == "no Name or PPid in it"


def test_a_real_parent_named_sshd_is_found(tmp_path: Path) -> None:
    sshd = tmp_path / "sshd"
    sshd.symlink_to("/bin/sh")
    # The `:` keeps the shell from becoming python itself.
    command = (str(sshd), "-c", '"$0" -c "$1"; :', sys.executable, ASK)
    answer = subprocess.run(command, capture_output=True, check=True, text=True)
    assert "Found(value=True" in answer.stdout


def test_what_is_no_status_is_refused() -> None:
    with pytest.raises(ValueError, match="no Name"):
        parse_status("State:\tS\n")


@pytest.mark.parametrize(
    ("colours", "terminal"), [("", "xterm-256color"), ("truecolor", "xterm-256color (truecolor)")]
)
def test_the_terminal_is_named_with_its_colours(
    monkeypatch: pytest.MonkeyPatch, colours: str, terminal: str
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", colours)
    assert value_of(read_terminal()) == terminal


def test_without_term_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TERM", raising=False)
    assert read_terminal() == Absent(Reason.NOT_THERE, "TERM")


def test_the_encoding_is_the_locales_and_not_pythons() -> None:
    """In UTF-8 mode Python says UTF-8 whatever the terminal is told."""
    ask = "from rigcheck.probes.session import read_locale_encoding as r; print(r().value)"
    answer = subprocess.run(
        (sys.executable, "-X", "utf8", "-c", ask),
        capture_output=True,
        check=True,
        text=True,
        env={"LC_ALL": "POSIX"},
    )
    assert answer.stdout == "ANSI_X3.4-1968\n"
    assert isinstance(read_locale_encoding(), Found)
