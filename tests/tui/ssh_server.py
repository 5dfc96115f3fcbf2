"""A real SSH server on 127.0.0.1, of an ordinary user, with its own keys and port; for tests."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.ordinary_user import OrdinaryUser

_LIMIT_S = 20.0
_SBIN = "/usr/sbin"


@contextlib.contextmanager
def ssh_server(user: OrdinaryUser, directory: Path) -> Iterator[tuple[str, ...]]:
    """The start of an `ssh` command that logs this user in; skips where there is no server.

    A server without root's rights can let in nobody but who runs it. `directory` is the client's.
    """
    path = os.pathsep.join((os.environ.get("PATH", ""), _SBIN))
    sshd = shutil.which("sshd", path=path)
    if sshd is None or shutil.which("ssh") is None:
        pytest.skip("no sshd here: Debian's openssh-server has it")
    port = _free_port()
    config = _configured(user, directory, port)
    start = user.command(sshd, "-D", "-e", "-f", str(config))
    server = subprocess.Popen(start, stderr=subprocess.PIPE)
    try:
        _wait_for(server, port)
        yield _client(user, directory, port)
    finally:
        server.terminate()
        server.communicate()


def _configured(user: OrdinaryUser, directory: Path, port: int) -> Path:
    folder = user.folder()
    for key in (folder / "host", directory / "user"):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)]
        subprocess.run(words, check=True)
    shutil.copy(directory / "user.pub", folder)
    config = folder / "sshd_config"
    config.write_text(
        f"ListenAddress 127.0.0.1:{port}\n"
        f"HostKey {folder / 'host'}\n"
        f"AuthorizedKeysFile {folder / 'user.pub'}\n"
        "PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
        "PrintMotd no\nPrintLastLog no\n"
    )
    for path in folder.iterdir():
        shutil.chown(path, user.name)
    return config


def _client(user: OrdinaryUser, directory: Path, port: int) -> tuple[str, ...]:
    options = (
        f"UserKnownHostsFile={directory / 'known'}",
        "StrictHostKeyChecking=accept-new",
        "IdentitiesOnly=yes",
        "LogLevel=ERROR",
        "BatchMode=yes",
    )
    return (
        "ssh", "-F", "none", "-p", str(port), "-i", str(directory / "user"),
        *(word for option in options for word in ("-o", option)),
        f"{user.name}@127.0.0.1",
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(server: "subprocess.Popen[bytes]", port: int) -> None:
    end_s = time.monotonic() + _LIMIT_S
    while True:
        assert server.poll() is None, "sshd ended at once"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        assert time.monotonic() < end_s, "sshd does not listen"
        time.sleep(0.05)
