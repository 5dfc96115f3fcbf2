"""The command as its users call it: a process of its own, its streams and its exit code."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from rigcheck.report.schema import SCHEMA_PATH
from tests.environments import FakePackages

BASE_PYTHON = str(Path(sys.base_prefix) / "bin" / "python3")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def environment(home: Path, **more: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "CONDA_PREFIX")}
    return {**inherited, "XDG_DATA_HOME": str(home), "TERM": "xterm-256color", **more}


def rigcheck(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rigcheck", *words],
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def start(home: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "rigcheck", *words],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kept_lines(home: Path) -> str:
    return "".join(path.read_text() for path in home.glob("rigcheck/runs/*.part.jsonl"))


def wait_for_line(home: Path, word: str) -> None:
    deadline_s = time.monotonic() + 120
    while word not in kept_lines(home):
        assert time.monotonic() < deadline_s, f"no {word} in what was kept"
        time.sleep(0.05)


def children_of(pid: int) -> list[int]:
    # A child belongs to the thread that started it.
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for task in tasks for word in task.read_text().split()]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["frobnicate"], "invalid choice"),
        (["check", "--python", "/does/not/exist"], "no such interpreter"),
        (["check", "--only", "gpus"], "no such part"),
        (["check", "--only", "vram"], "--vram-test"),
        (["check", "--only", "compile"], "check --only compile --compile"),
        (["bench", "--epochs", "0"], "not a positive number"),
        (["bench", "--epochs", "2", "--seconds", "3"], "not allowed with"),
        (["bench", "--device", "cuda:7"], "cuda:7"),
        (["bench", "--data-dir", "/does/not/exist"], "no such directory"),
    ],
)
def test_wrong_usage_says_what_and_what_to_do(home: Path, words: list[str], message: str) -> None:
    done = rigcheck(home, *words)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "hint:" in done.stderr
    assert not done.stdout


def test_a_check_prints_a_report_that_validates(home: Path) -> None:
    done = rigcheck(home, "check", "--json")
    report = json.loads(done.stdout)
    jsonschema.validate(report, json.loads(SCHEMA_PATH.read_text()))
    assert report["rig"]["torch"]["version"]["state"] == "found"
    assert {"id", "verdict", "headline", "evidence", "remedy", "link", "caused_by"} <= set(
        report["findings"][0]
    )
    failed = any(finding["verdict"] == "fail" for finding in report["findings"])
    assert done.returncode == (1 if failed else 0)


def test_an_environment_without_torch_fails_with_the_command_that_installs_it(
    home: Path, tmp_path: Path
) -> None:
    subprocess.run([BASE_PYTHON, "-m", "venv", tmp_path / "empty"], check=True)
    done = rigcheck(home, "check", "--python", str(tmp_path / "empty"))
    assert done.returncode == 1
    assert "torch-missing" in done.stdout
    assert f"{tmp_path}/empty/bin/python" in done.stdout
    assert "install torch" in done.stdout


def test_a_torch_that_crashes_is_reported_and_the_rest_with_it(home: Path, tmp_path: Path) -> None:
    packages = FakePackages(tmp_path)
    packages.add_package(
        "torch", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", version="2.14.1"
    )
    done = rigcheck(home, "check", "--python", packages.python)
    assert done.returncode == 1
    assert "torch-import-crashes" in done.stdout
    assert "SIGSEGV" in done.stdout
    assert "Memory" in done.stdout


def test_without_a_terminal_rigcheck_alone_prints_text_and_says_why(home: Path) -> None:
    done = rigcheck(home)
    assert "is not a terminal" in done.stderr
    assert "verdicts:" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("level", ["warn", "never"])
def test_the_level_that_fails_can_be_chosen(home: Path, level: str) -> None:
    done = rigcheck(home, "check", "--only", "pci", "--only", "nvml", "--fail-on", level, "--json")
    verdicts = {finding["verdict"] for finding in json.loads(done.stdout)["findings"]}
    assert done.returncode == (1 if level == "warn" and verdicts & {"warn", "fail"} else 0)


def test_a_locale_that_cannot_spell_our_symbols_gets_plain_letters(home: Path) -> None:
    done = rigcheck(home, "check", "--only", "memory", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert "PASS" in done.stdout or "verdicts:" in done.stdout


def test_a_reader_that_leaves_early_is_no_error(home: Path) -> None:
    command = f"{sys.executable} -m rigcheck check --only memory | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command], env=environment(home), capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("rigcheck ")
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_stdout_is_told(home: Path) -> None:
    command = f"{sys.executable} -m rigcheck check --only memory > /dev/full"
    done = subprocess.run(
        ["sh", "-c", command], env=environment(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_benchmark_is_measured_kept_and_reported(home: Path) -> None:
    done = rigcheck(home, "bench", "--device", "cpu", "--seconds", "1", "--json")
    report = json.loads(done.stdout)
    jsonschema.validate(report, json.loads(SCHEMA_PATH.read_text()))
    (run,) = report["bench"]["devices"]
    assert run["outcome"] == "done", run
    assert run["rate"]["images_per_s"] > 0
    assert run["data"]["kind"] == "built-in digits"
    (kept,) = (home / "rigcheck" / "runs").iterdir()
    assert json.loads(kept.read_text())["bench"] == report["bench"]


def test_a_home_that_cannot_be_written_costs_a_message_and_no_result(home: Path) -> None:
    home.write_text("a file where the directory should be")
    done = rigcheck(home, "bench", "--device", "cpu", "--seconds", "0.5")
    assert "not kept" in done.stderr
    assert "images/s" in done.stdout


def test_ctrl_c_in_a_benchmark_reports_what_was_measured(home: Path) -> None:
    with start(home, "bench", "--device", "cpu", "--seconds", "600", "--json") as process:
        wait_for_line(home, "BlockMeasured")
        workers = children_of(process.pid)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    report = json.loads(out)
    assert report["interrupted"]
    (run,) = report["bench"]["devices"]
    assert run["outcome"] == "cancelled"
    assert run["blocks"]
    assert workers
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def test_a_benchmark_under_nohup_outlives_the_terminal(home: Path) -> None:
    with subprocess.Popen(
        ["nohup", sys.executable, "-m", "rigcheck", "bench", "--device", "cpu", "--seconds", "2"],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_for_line(home, "BlockMeasured")
        process.send_signal(signal.SIGHUP)
        out, err = process.communicate(timeout=120)
    assert "interrupted" not in out, err
    assert "accuracy" in out


def test_ctrl_c_in_a_check_ends_at_once_and_leaves_no_process(home: Path, tmp_path: Path) -> None:
    packages = FakePackages(tmp_path)
    started = tmp_path / "started"
    packages.add_package(
        "torch",
        f"import os, signal; open({str(started)!r}, 'w').write(str(os.getpid())); signal.pause()",
        version="2.14.1",
    )
    with start(home, "check", "--python", packages.python) as process:
        while not (started.exists() and started.read_text()):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert_gone(int(started.read_text()))


def assert_gone(pid: int) -> None:
    deadline_s = time.monotonic() + 30
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline_s, "a process was left behind"
        time.sleep(0.02)


def test_on_a_terminal_progress_is_shown_and_wiped_again(home: Path) -> None:
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "rigcheck", "check", "--only", "torch"],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=slave,
    ) as process:
        os.close(slave)
        shown = b""
        while chunk := read_or_end(master):
            shown += chunk
        process.wait(60)
    os.close(master)
    assert b"checking PyTorch" in shown
    assert shown.endswith(b"\r\x1b[K")


def read_or_end(fd: int) -> bytes:
    try:
        return os.read(fd, 4096)
    except OSError:  # Linux: the other side has closed
        return b""
