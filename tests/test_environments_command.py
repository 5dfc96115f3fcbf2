"""Several interpreters through the command line: real environments, broken ones among them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from rigcheck.report.schema import SCHEMA_PATH
from tests.environments import FakePackages, make_venv, site_packages

SCHEMA = json.loads(SCHEMA_PATH.read_text())


def rigcheck(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    inherited = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "CONDA_PREFIX")}
    return subprocess.run(
        [sys.executable, "-m", "rigcheck", *words],
        env={**inherited, "HOME": str(home), "PATH": "", "XDG_DATA_HOME": str(home / "data")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def report_of(done: "subprocess.CompletedProcess[str]") -> Any:
    report = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMA)
    return report


@pytest.fixture
def empty(tmp_path: Path) -> str:
    return make_venv(tmp_path / "venvs" / "empty")


@pytest.fixture
def broken(tmp_path: Path) -> str:
    python = make_venv(tmp_path / "venvs" / "broken")
    for name in ("python", "python3"):
        link = tmp_path / "venvs" / "broken" / "bin" / name
        link.unlink()
        link.symlink_to("/opt/removed/bin/python3.11")
    return python


@pytest.fixture
def working(tmp_path: Path) -> str:
    """One whose torch is a stand-in that has no GPU code."""
    python = make_venv(tmp_path / "venvs" / "working")
    packages = FakePackages(site_packages(python))
    packages.add_package("torch", "raise ImportError('this one cannot work')", version="2.9.1")
    return python


def test_each_interpreter_has_its_own_part_and_its_own_findings(
    tmp_path: Path, empty: str, working: str, broken: str
) -> None:
    words = [word for python in (empty, working, broken) for word in ("--python", python)]
    done = rigcheck(tmp_path, "check", "--json", *words)
    report = report_of(done)
    assert done.returncode == 1
    told = {e["interpreter"]: e["python"]["version"]["state"] for e in report["environments"]}
    assert told == {empty: "found", working: "found", broken: "failed"}
    failed = {f["environment"]: f["id"] for f in report["findings"] if f["verdict"] == "fail"}
    assert failed == {
        empty: "torch-missing",
        working: "torch-import-fails",
        broken: "interpreter-unusable",
    }
    assert report["rig"]["python"]["version"] == {
        "state": "absent",
        "reason": "not asked",
        "source": "",
        "detail": "",
    }
    assert report["rig"]["host"]["system"]["value"] == "Linux"


def test_the_text_tells_the_machine_once_and_then_each_interpreter(
    tmp_path: Path, empty: str, working: str
) -> None:
    done = rigcheck(tmp_path, "check", "--plain", "--python", empty, "--python", working)
    machine, first, second = done.stdout.split("\n-- ")
    assert "CPU  " in machine
    assert "PyTorch" not in machine
    assert first.startswith(f"{empty}\n")
    assert "torch is not installed" in first
    assert second.startswith(f"{working}\n")
    assert "this one cannot work" in second
    assert "CPU  " not in first + second.partition("Storage")[0]


def test_a_stored_report_of_several_is_judged_as_it_was(
    tmp_path: Path, empty: str, working: str
) -> None:
    done = rigcheck(tmp_path, "check", "--json", "--python", empty, "--python", working)
    stored = tmp_path / "report.json"
    stored.write_text(done.stdout)
    again = report_of(rigcheck(tmp_path, "judge", str(stored), "--json"))
    assert again["findings"] == report_of(done)["findings"]


def test_one_interpreter_named_twice_is_checked_once(tmp_path: Path, empty: str) -> None:
    folder = str(Path(empty).parent.parent)
    report = report_of(rigcheck(tmp_path, "check", "--json", "--python", empty, "--python", folder))
    assert [e["interpreter"] for e in report["environments"]] == [empty]


def test_one_interpreter_alone_is_reported_in_the_rig_as_ever(tmp_path: Path, empty: str) -> None:
    report = report_of(rigcheck(tmp_path, "check", "--json", "--python", empty))
    assert report["rig"]["python"]["executable"]["value"] == empty
    assert (report["environments"], report["search"]) == ([], None)
    assert {f["environment"] for f in report["findings"]} == {""}


@pytest.mark.parametrize("command", ["bench", "advise"])
def test_other_commands_take_one_interpreter(tmp_path: Path, empty: str, command: str) -> None:
    done = rigcheck(tmp_path, command, "--python", empty, "--python", sys.executable)
    assert done.returncode == 2
    assert "takes one --python" in done.stderr


def test_all_that_are_found_get_a_line_each(
    tmp_path: Path, empty: str, working: str, broken: str
) -> None:
    done = rigcheck(tmp_path, "check", "--all-pythons", "--plain", "--only", "torch")
    lines = {line.partition("  ")[0]: line for line in done.stdout.splitlines()}
    version = ".".join(map(str, sys.version_info[:3]))
    assert lines[empty] == f"{empty}  {version}, no framework"
    assert lines[working].endswith(
        "torch 2.9.1 cannot be imported: ImportError: this one cannot work"
    )
    assert "which is not there" in lines[broken]
    assert "why   fail torch-import-fails" in done.stdout
    assert done.returncode == 1


def test_an_interpreter_without_torch_is_no_failure_where_all_were_asked_for(
    tmp_path: Path, empty: str
) -> None:
    report = report_of(rigcheck(tmp_path, "check", "--all-pythons", "--json", "--only", "torch"))
    assert empty in [e["interpreter"] for e in report["environments"]]
    assert not [f for f in report["findings"] if f["environment"] == empty]
    assert report["search"] == {"unreadable": [], "left_out": 0, "complete": True}


def test_all_and_some_exclude_one_another(tmp_path: Path, empty: str) -> None:
    done = rigcheck(tmp_path, "check", "--all-pythons", "--python", empty)
    assert done.returncode == 2
    assert "exclude one another" in done.stderr
