"""A real SSH server on 127.0.0.1, of this user, with keys of its own; for tests."""

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_LIMIT_S = 20.0
_SBIN = "/usr/sbin"


@contextlib.contextmanager
def ssh_server(directory: Path) -> Iterator[tuple[str, ...]]:
    """The start of an `ssh` command that logs in there; skips where there is no server."""
    path = os.pathsep.join((os.environ.get("PATH", ""), _SBIN))
    sshd = shutil.which("sshd", path=path)
    if sshd is None or shutil.which("ssh") is None:
        pytest.skip("no sshd here: Debian's openssh-server has it")
    if os.geteuid() == 0 and not Path("/run/sshd").is_dir():
        pytest.skip("sshd of root needs the directory /run/sshd: `mkdir /run/sshd`")
    port = _free_port()
    config = _configured(directory, port)
    server = subprocess.Popen([sshd, "-D", "-e", "-f", str(config)], stderr=subprocess.PIPE)
    try:
        _wait_for(server, port)
        yield _client(directory, port)
    finally:
        server.terminate()
        server.communicate()


def _configured(directory: Path, port: int) -> Path:
    for name in ("host", "user"):
        key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(directory / name)]
        subprocess.run(key, check=True)
    config = directory / "sshd_config"
    config.write_text(
        f"ListenAddress 127.0.0.1:{port}\n"
        f"HostKey {directory / 'host'}\n"
        f"AuthorizedKeysFile {directory / 'user.pub'}\n"
        f"PidFile {directory / 'sshd.pid'}\n"
        "StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n"
        "PrintMotd no\nPrintLastLog no\n"
    )
    return config


def _client(directory: Path, port: int) -> tuple[str, ...]:
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
        f"{getpass.getuser()}@127.0.0.1",
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
