"""The whole program as its users start it: over SSH, with and without a terminal, in tmux.

Nobody here is root: the server, and all that it starts, runs with an ordinary user's rights.
"""

import fcntl
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from rigcheck.tui.listed import RunState, read_listed
from tests.tui.ordinary_user import OrdinaryUser, ordinary_user
from tests.tui.ssh_server import ssh_server
from tests.tui.test_in_a_terminal import CLEAN_END, Session, session

pytestmark = pytest.mark.slow

_CHECKOUT = Path(__file__).parents[2]
_LIMIT_S = 120.0
_KINDS = ("xterm-256color", "xterm", "screen", "screen-256color", "tmux-256color", "linux", "vt100")


@pytest.fixture(scope="module")
def user() -> Iterator[OrdinaryUser]:
    with ordinary_user() as made:
        yield made


@pytest.fixture(scope="module")
def ssh(user: OrdinaryUser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ...]]:
    with ssh_server(user, tmp_path_factory.mktemp("ssh")) as client:
        yield client


@pytest.fixture
def home(user: OrdinaryUser) -> Path:
    """Where this test's runs are kept."""
    return user.folder()


def rigcheck(home: Path, *arguments: str) -> str:
    """A command line for the far end's shell; its runs are kept under `home`."""
    command = (sys.executable, "-m", "rigcheck", "--device", "cpu", *arguments)
    return f"cd {_CHECKOUT} && XDG_DATA_HOME={home} exec {shlex.join(command)}"


def processes(home: Path) -> list[psutil.Process]:
    """Rigcheck and its workers, wherever they are."""
    found = []
    for process in psutil.process_iter():
        try:
            is_ours = process.environ().get("XDG_DATA_HOME") == str(home)
            is_alive = process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            continue
        if is_ours and is_alive:
            found.append(process)
    return found


def wait_until(condition: Callable[[], object]) -> None:
    end_s = time.monotonic() + _LIMIT_S
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.1)


def read_long(ran: Session, text: str) -> None:
    """Like `read_until`, for what takes a real check or torch's import."""
    end_s = time.monotonic() + _LIMIT_S
    while text.encode() not in ran.output:
        assert time.monotonic() < end_s, ran.output[-2_000:]
        ran._read(0.1)


def kept(home: Path, pattern: str) -> list[Path]:
    return sorted((home / "rigcheck" / "runs").glob(pattern))


def started_benchmark(ran: Session) -> None:
    read_long(ran, "benchmark")
    ran.press(b"b")
    read_long(ran, "training")


def test_it_runs_with_the_rights_of_an_ordinary_user(
    ssh: tuple[str, ...], user: OrdinaryUser
) -> None:
    told = subprocess.run([*ssh, "id -un; id -u"], capture_output=True, text=True, check=True)
    name, number = told.stdout.split()
    assert name == user.name
    assert number != "0"


@pytest.mark.parametrize("kind", _KINDS)
def test_check_benchmark_resize_and_quit(ssh: tuple[str, ...], home: Path, kind: str) -> None:
    command = (*ssh[:-1], "-tt", ssh[-1], rigcheck(home))
    with session(command=command, TERM=kind) as ran:
        started_benchmark(ran)
        ran.forget()
        fcntl.ioctl(ran.master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        read_long(ran, "\x1b[40;1H")
        ran.press(b"q")
        ran.end()
        assert all(sequence in ran.output for sequence in CLEAN_END)
        assert b"verdicts:" in ran.output.rpartition(b"\x1b[?1049l")[2]
    wait_until(lambda: not processes(home))
    if kind == "vt100":
        drawn = ran.output.partition(b"\x1b[?1049l")[0]
        assert drawn.isascii()


@pytest.mark.parametrize("kind", ["dumb", ""])
def test_a_terminal_that_can_do_nothing_gets_text_and_the_reason(
    ssh: tuple[str, ...], home: Path, kind: str
) -> None:
    command = (*ssh[:-1], "-tt", ssh[-1], f"export TERM={kind}; " + rigcheck(home))
    with session(command=command) as ran:
        why = "TERM is dumb" if kind else "TERM is not set"
        read_long(ran, f"plain text, for {why}")
        read_long(ran, "verdicts:")
    assert b"\x1b[?1049h" not in ran.output


def test_without_a_terminal_it_prints_text_and_says_why(ssh: tuple[str, ...], home: Path) -> None:
    done = subprocess.run(
        [*ssh, rigcheck(home)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=_LIMIT_S,
        check=False,
    )
    assert "plain text, for stdin is not a terminal" in done.stderr
    assert done.stdout.startswith("rigcheck ")
    assert "\x1b" not in done.stdout


def test_a_line_that_is_cut_ends_it_and_the_next_start_shows_what_was_measured(
    ssh: tuple[str, ...], home: Path
) -> None:
    command = (*ssh[:-1], "-tt", ssh[-1], rigcheck(home, "--seconds", "600"))
    with session(command=command) as ran:
        started_benchmark(ran)
        wait_until(lambda: b"BlockMeasured" in _lines(home))
        ran.process.kill()
    wait_until(lambda: not processes(home))
    listed = read_listed(home / "rigcheck" / "runs")
    (measured,) = [run for run in listed if run.short_text]
    assert measured.state is RunState.INTERRUPTED
    with session(command=command) as again:
        read_long(again, "benchmark")
        again.press(b"h")
        read_long(again, measured.short_text)
        again.press(b"q")
        again.end()


def test_after_a_crash_the_next_start_offers_the_interrupted_run(
    ssh: tuple[str, ...], home: Path
) -> None:
    command = (*ssh[:-1], "-tt", ssh[-1], rigcheck(home, "--seconds", "600"))
    with session(command=command) as ran:
        started_benchmark(ran)
        wait_until(lambda: b"BlockMeasured" in _lines(home))
        for process in processes(home):
            process.send_signal(signal.SIGKILL)
        ran.end()
    wait_until(lambda: not processes(home))
    with session(command=command) as again:
        read_long(again, "was interrupted")
        again.press(b"q")
        again.end()


def test_in_tmux_the_run_goes_on_without_the_line(ssh: tuple[str, ...], home: Path) -> None:
    if shutil.which("tmux") is None:
        pytest.skip("no tmux here")
    socket = home / "tmux"
    inner = rigcheck(home, "--seconds", "600")
    tmux = f"tmux -u -S {socket}"
    start = (*ssh[:-1], "-tt", ssh[-1], f"{tmux} -f /dev/null new-session {shlex.quote(inner)}")
    back = (*ssh[:-1], "-tt", ssh[-1], f"{tmux} attach")
    try:
        with session(command=start) as ran:
            started_benchmark(ran)
            wait_until(lambda: b"BlockMeasured" in _lines(home))
            ran.process.kill()
        before = len(_lines(home))
        wait_until(lambda: len(_lines(home)) > before)
        with session(command=back) as again:
            read_long(again, "images/s")
            again.press(b"q")
            again.end()
        wait_until(lambda: not processes(home))
    finally:
        subprocess.run(
            ["tmux", "-S", str(socket), "kill-server"], check=False, stderr=subprocess.DEVNULL
        )


def _lines(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in kept(home, "*.part.jsonl"))
