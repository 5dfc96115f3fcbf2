"""Programs that are no Python, and Pythons that cannot work: real ones where they are at hand."""

import sys
from pathlib import Path

import pytest

from rigcheck.facts import Failed
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.python_env import read_python_env
from rigcheck.probes.unanswered import parse_answer, read_reason
from tests.environments import make_venv


def test_a_python_that_is_gone_is_named(tmp_path: Path) -> None:
    python = Path(make_venv(tmp_path / "env"))
    python.unlink()
    python.symlink_to("/opt/removed/bin/python3.11")
    facts = read_python_env(ProbeContext(python=str(python), data_dir=Path()))
    expected = "it points to /opt/removed/bin/python3.11, which is not there"
    assert facts.version == Failed(expected, str(python))


def test_python_2_is_told_by_its_version() -> None:
    reason = parse_answer(b"rigcheck asks 2.7", b"")
    assert reason == "it is Python 2.7, and rigcheck asks Python 3.8 or newer"


@pytest.mark.parametrize("version", [b"3.8", b"3.14"])
def test_a_python_that_is_new_enough_has_another_fault(version: bytes) -> None:
    assert parse_answer(b"a greeting of sitecustomize\nrigcheck asks " + version, b"") == ""


def test_a_python_that_does_not_find_its_standard_library_says_so(tmp_path: Path) -> None:
    wrapper = tmp_path / "python"
    wrapper.write_text(f'#!/bin/sh\nPYTHONHOME=/opt/removed exec "{sys.executable}" "$@"\n')
    wrapper.chmod(0o755)
    facts = read_python_env(ProbeContext(python=str(wrapper), data_dir=Path()))
    assert isinstance(facts.version, Failed)
    assert facts.version.error.startswith("it does not find its standard library")


def test_a_real_python_2_is_refused_where_one_is_at_hand() -> None:
    candidates = sorted(Path.home().glob(".pyenv/versions/2.7.*/bin/python2.7"))
    if not candidates:
        pytest.skip("no Python 2.7 at hand")
    facts = read_python_env(ProbeContext(python=str(candidates[0]), data_dir=Path()))
    assert isinstance(facts.version, Failed)
    assert facts.version.error.startswith("it is Python 2.7")


def test_a_program_that_says_why_it_is_no_python_is_quoted(tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho first >&2\necho 'no license server' >&2\nexit 1\n")
    program.chmod(0o755)
    assert read_reason(str(program)) == "it is no Python that works: no license server"


def test_a_program_without_a_word_is_no_python() -> None:
    assert read_reason("/bin/true") == "it is no Python that works"
