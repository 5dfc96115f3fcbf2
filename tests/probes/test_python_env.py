import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from rigcheck.facts import Failed, PythonEnv, value_of
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.python_env import read_python_env
from tests.environments import FakePackages


def facts_of(python: str) -> PythonEnv:
    return read_python_env(ProbeContext(python=python, data_dir=Path()))


def test_this_interpreter_tells_what_it_is_and_holds() -> None:
    facts = facts_of(sys.executable)
    assert value_of(facts.executable) == sys.executable
    assert value_of(facts.version) == ".".join(str(n) for n in sys.version_info[:3])
    installed = {d.name: d.version for d in value_of(facts.distributions) or ()}
    assert installed["torch"] == version("torch")
    assert "pytest" not in installed


def test_a_fresh_venv_is_a_venv_without_distributions(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path], check=True)
    facts = facts_of(str(tmp_path / "bin" / "python"))
    assert value_of(facts.environment) == "venv"
    assert value_of(facts.has_pip) is False
    assert value_of(facts.externally_managed) is False
    assert value_of(facts.distributions) == ()


def test_uv_and_conda_environments_are_told_apart(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path], check=True)
    config = tmp_path / "pyvenv.cfg"
    config.write_text(config.read_text() + "uv = 0.9.1\n")
    assert value_of(facts_of(str(tmp_path / "bin" / "python")).environment) == "uv"
    (tmp_path / "conda-meta").mkdir()
    assert value_of(facts_of(str(tmp_path / "bin" / "python")).environment) == "conda"


def test_the_package_that_an_import_would_find_is_the_one_listed(tmp_path: Path) -> None:
    packages = FakePackages(tmp_path)
    packages.add_package("torch", "", version="1.13.1")
    installed = {d.name: d.version for d in value_of(facts_of(packages.python).distributions) or ()}
    assert installed["torch"] == "1.13.1"


def test_damaged_metadata_is_no_reason_to_fail(tmp_path: Path) -> None:
    packages = FakePackages(tmp_path)
    packages.add_package("torch", "", version="1.13.1")
    (tmp_path / "~orch-2.0.0.dist-info").mkdir()
    (tmp_path / "empty-1.0.dist-info").mkdir()
    (tmp_path / "empty-1.0.dist-info" / "METADATA").write_text("")
    facts = facts_of(packages.python)
    assert "torch" in {d.name for d in value_of(facts.distributions) or ()}


def test_an_interpreter_that_cannot_start_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_bytes(b"\x7fELF but not really")
    broken.chmod(0o755)
    facts = facts_of(str(broken))
    assert isinstance(facts.version, Failed)
    assert "Exec format error" in facts.version.error


def test_something_that_is_no_python_says_so() -> None:
    facts = facts_of("/bin/cat")
    assert isinstance(facts.version, Failed)
    assert facts.version.error.startswith("it is no Python that works")


@pytest.mark.parametrize("release", ["3.8", "3.9", "3.12", "3.13", "3.14"])
def test_other_python_releases_answer_too(release: str) -> None:
    candidates = sorted(Path.home().glob(f".pyenv/versions/{release}.*/bin/python3"))
    if not candidates:
        pytest.skip(f"no Python {release} at hand")
    assert (value_of(facts_of(str(candidates[0])).version) or "").startswith(release)
