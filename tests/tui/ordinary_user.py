"""The user whom the tests' SSH server lets in: the one who runs the tests, but never root.

For root an account is made and removed again; where it may not enter the folders that this Python
lives in, as under /root, its processes see these folders and nothing else of what is closed.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest

_CHECKOUT = Path(__file__).resolve().parents[2]
_NEEDED = tuple(Path(path).resolve() for path in (sys.base_prefix, sys.prefix, _CHECKOUT))
_TOOLS = ("useradd", "userdel", "setpriv", "unshare", "mount")
_SEE_ONLY = """\
set -e
stage=$1; shift
while [ "$1" != -- ]; do
    closed=$1 needed=$2; shift 2
    kept=$(mktemp -d -p "$stage")
    mount --bind "$needed" "$kept"
    grep -q " $closed tmpfs " /proc/self/mounts || mount -t tmpfs -o mode=755 tmpfs "$closed"
    mkdir -p "$needed"
    mount --bind "$kept" "$needed"
done
shift
exec "$@"
"""


class OrdinaryUser:
    """Somebody who may log in here, but to whom little belongs.

    Attributes:
        name: as it logs in.
        home: a folder of its own, which it can reach and the tests can read.
    """

    def __init__(self, name: str, home: Path) -> None:
        self.name = name
        self.home = home
        self._id = pwd.getpwnam(name)

    def folder(self) -> Path:
        """A new one, in which it may write."""
        folder = Path(tempfile.mkdtemp(dir=self.home))
        os.chown(folder, self._id.pw_uid, self._id.pw_gid)
        return folder

    def command(self, *words: str) -> list[str]:
        """The same command, with this user's rights."""
        if self._id.pw_uid == os.geteuid():
            return list(words)
        as_user = ("setpriv", f"--reuid={self.name}", f"--regid={self._id.pw_gid}", "--init-groups")
        return [*_seeing_what_is_needed(self.home), *as_user, *words]


@contextlib.contextmanager
def ordinary_user() -> Iterator[OrdinaryUser]:
    """Skips where root cannot make an account."""
    with tempfile.TemporaryDirectory(prefix="rigcheck-") as directory:
        home = Path(directory)
        if os.geteuid() != 0:
            yield OrdinaryUser(pwd.getpwuid(os.geteuid()).pw_name, home)
            return
        home.chmod(0o755)
        with _account(home) as name:
            yield OrdinaryUser(name, home)


@contextlib.contextmanager
def _account(home: Path) -> Iterator[str]:
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"root cannot become an ordinary user without {', '.join(missing)}")
    name = f"rigcheck-{secrets.token_hex(4)}"
    # In the group tty, it may give its terminals to it, as sshd wants to.
    subprocess.run(
        ["useradd", "-M", "-d", str(home), "-s", "/bin/sh", "-G", "tty", "-p", "*", name],
        check=True,
    )
    try:
        uid = pwd.getpwnam(name).pw_uid
        os.chown(home, uid, -1)
        yield name
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.uids().real == uid:
                    process.kill()
    finally:
        subprocess.run(["userdel", "--force", name], check=True, stderr=subprocess.DEVNULL)


def _seeing_what_is_needed(stage: Path) -> Sequence[str]:
    """The start of a command in a mount namespace of its own; empty where nothing is closed."""
    pairs = [(closed, needed) for needed in _NEEDED for closed in _closed_above(needed)]
    if not pairs:
        return ()
    words = [str(path) for pair in pairs for path in pair]
    return ("unshare", "--mount", "sh", "-c", _SEE_ONLY, "sh", str(stage), *words, "--")


def _closed_above(path: Path) -> list[Path]:
    """The topmost folder on the way that others may not enter, if there is one."""
    on_the_way = [*reversed(path.parents), path]
    return [one for one in on_the_way if not one.stat().st_mode & 0o001][:1]
