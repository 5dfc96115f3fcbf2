"""Formats and privacy as options of the command, in a process of its own."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from rigcheck import command_line
from rigcheck.output import text_style
from rigcheck.report.formats import Format
from tests.test_terminal import GOOD

LOG = """\
ann@bigrig:~$ python /home/ann/acme/train.py
RuntimeError: CUDA error: no kernel image is available for execution on the device
"""


def explained(tmp_path: Path, *words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    log = tmp_path / "log.txt"
    log.write_text(LOG)
    return subprocess.run(
        [sys.executable, "-m", "rigcheck", "explain", str(log), *words],
        env={**os.environ, **more},
        capture_output=True,
        check=False,
    )


def test_the_command_offers_every_format() -> None:
    assert set(command_line._FORMATS) == {form.value for form in Format}


@pytest.mark.parametrize("form", command_line._FORMATS)
def test_each_format_is_written_in_a_locale_that_cannot_spell_it(tmp_path: Path, form: str) -> None:
    done = explained(
        tmp_path, "--format", form, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.decode("utf-8").endswith("\n")


def test_json_says_the_same_by_either_option(tmp_path: Path) -> None:
    one, other = (json.loads(explained(tmp_path, *words).stdout) for words in (
        ("--json",), ("--format", "json")))  # fmt: skip
    assert one["findings"] == other["findings"]


def test_what_is_shared_tells_no_names_and_what_is_kept_does(tmp_path: Path) -> None:
    report = explained(tmp_path, "--json").stdout
    kept = tmp_path / "report.json"
    private = json.loads(report)
    private["rig"]["host"]["hostname"] = {"state": "found", "value": "bigrig", "source": "x"}
    private["rig"]["python"]["executable"] = {
        "state": "found", "value": "/home/ann/acme/bin/python", "source": "x",
    }  # fmt: skip
    private["rig"]["python"]["prefix"] = {
        "state": "found", "value": "/home/ann/acme", "source": "x",
    }  # fmt: skip
    kept.write_text(json.dumps(private))

    def judged(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "rigcheck", "judge", str(kept), *words],
            capture_output=True, text=True, check=False, encoding="utf-8",
        )  # fmt: skip
        return done.stdout

    shared = json.loads(judged("--json", "--share"))
    assert shared["rig"]["host"]["hostname"]["value"] == "<host>"
    executable = shared["rig"]["python"]["executable"]["value"]
    assert executable == "/home/<user>/<name>/bin/python"
    assert {"host names", "user names"} <= set(shared["removed"])
    assert json.loads(judged("--json"))["removed"] == []
    for form in ("markdown", "html"):
        assert "acme" not in judged("--format", form)
        assert "acme" in judged("--format", form, "--no-redact")


def test_sharing_and_not_redacting_are_told_apart(tmp_path: Path) -> None:
    done = explained(tmp_path, "--share", "--no-redact")
    assert done.returncode == 2


def test_this_hosts_name_does_not_leave_with_a_page(tmp_path: Path) -> None:
    name = socket.gethostname()
    if name.lower() in ("localhost", "host", "vm"):
        pytest.skip("this host has no name of its own")
    assert name.encode() not in explained(tmp_path, "--format", "html").stdout


def wrapper() -> str:
    """The plugin as the documentation prints it."""
    text = (Path(__file__).parent.parent / "docs" / "formats.md").read_text("utf-8")
    return text.split("```sh\n#!/bin/sh\n")[1].split("```")[0]


@pytest.mark.parametrize(
    ("first", "exit_code", "expected"),
    [("OK - x", 0, 0), ("WARNING - x", 0, 1), ("CRITICAL - x", 1, 2), ("UNKNOWN - x", 0, 3)],
)
def test_the_documented_plugin_maps_the_word_to_its_exit_code(
    tmp_path: Path, first: str, exit_code: int, expected: int
) -> None:
    done = plugged_in(tmp_path, f'echo "RIGCHECK {first} | fail=0"; exit {exit_code}')
    assert (done.returncode, done.stdout) == (expected, f"RIGCHECK {first} | fail=0\n")


def test_the_documented_plugin_is_unknown_where_rigcheck_did_not_run(tmp_path: Path) -> None:
    done = plugged_in(tmp_path, "exit 3")
    assert done.returncode == 3
    assert done.stdout.startswith("RIGCHECK UNKNOWN - ")


def plugged_in(tmp_path: Path, told: str) -> subprocess.CompletedProcess[str]:
    command = tmp_path / "rigcheck"
    command.write_text(f"#!/bin/sh\n{told}\n")
    command.chmod(0o755)
    return subprocess.run(
        ["sh", "-c", wrapper()],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("columns", "width"), [(20, 40), (40, 40), (80, 80), (300, 100)])
def test_text_is_as_wide_as_the_terminal_within_reason(columns: int, width: int) -> None:
    terminal = msgspec.structs.replace(GOOD, columns=columns)
    assert text_style(terminal, is_plain=False).width == width


def test_text_for_a_pipe_has_one_width_whatever_the_terminal_s() -> None:
    terminal = msgspec.structs.replace(GOOD, columns=40, stdout_is_tty=False)
    assert text_style(terminal, is_plain=True).width == 100
