"""What a child in another interpreter sees: that interpreter's own, and nothing of rigcheck's."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from rigcheck.facts import Found, value_of
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.python_env import read_python_env
from rigcheck.probes.torch import read_torch
from tests.environments import make_venv, site_packages

OURS = ("msgspec", "textual", "psutil", "platformdirs")
RELEASES = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
STAND_IN = """
import json, os, site, sys
json.dump(
    {{"path": sys.path, "variables": dict(os.environ), "user_site": site.ENABLE_USER_SITE,
      "flags": list(sys.flags), "modules": sorted(sys.modules), "argv": sys.argv[:1]}},
    open({told!r}, "w"),
)
__version__ = "2.9.1"
"""


def base_of(release: str) -> str:
    candidates = sorted(Path.home().glob(f".pyenv/versions/{release}.*/bin/python3"))
    if not candidates:
        pytest.skip(f"no Python {release} at hand")
    return str(candidates[0])


def seen_by(python: str, told: Path) -> Any:
    """What a stand-in for torch, installed in that interpreter, sees of its process."""
    folder = site_packages(python) / "torch"
    folder.mkdir()
    (folder / "__init__.py").write_text(STAND_IN.format(told=str(told)))
    torch = read_torch(ProbeContext(python=python, data_dir=Path()))
    assert value_of(torch.version) == "2.9.1"
    return json.loads(told.read_text())


@pytest.mark.parametrize("release", RELEASES)
def test_an_environment_of_another_python_sees_its_own_packages_only(
    release: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    python = make_venv(tmp_path / "env", base_of(release))
    seen = seen_by(python, tmp_path / "told.json")
    prefixes = (str(tmp_path / "env"), os.path.realpath(Path(base_of(release)).parent.parent))
    foreign = [path for path in seen["path"] if not os.path.realpath(path).startswith(prefixes)]
    assert foreign == []
    assert not set(OURS) & set(seen["modules"])
    facts = read_python_env(ProbeContext(python=python, data_dir=Path()))
    assert facts.executable == Found(python, "sys.executable")
    assert (value_of(facts.version) or "").startswith(f"{release}.")


def test_no_module_of_rigcheck_lies_where_an_import_finds_it(tmp_path: Path) -> None:
    # A folder of ours on sys.path would shadow `wire`, `frameworks` or `environment` of the target.
    seen = seen_by(make_venv(tmp_path / "env"), tmp_path / "told.json")
    assert not [path for path in seen["path"] if path.rstrip("/").endswith("rigcheck/target")]


def test_variables_and_the_user_site_are_as_that_interpreter_would_see_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = tmp_path / "extra"
    extra.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(extra))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    seen = seen_by(make_venv(tmp_path / "env"), tmp_path / "told.json")
    assert seen["path"].count(str(extra)) == 1
    assert dict(os.environ).items() <= seen["variables"].items()
    assert not [name for name in set(seen["variables"]) - set(os.environ) if "PYTHON" in name]
    assert seen["user_site"] is False, "as in every environment without system packages"


def test_a_user_site_is_seen_where_the_interpreter_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    user = tmp_path / "user" / "lib" / version / "site-packages"
    (user / "torch").mkdir(parents=True)
    (user / "torch" / "__init__.py").write_text("__version__ = '1.13.1'\n")
    monkeypatch.setenv("PYTHONUSERBASE", str(tmp_path / "user"))
    python = str(Path(sys.base_prefix) / "bin" / "python3")
    torch = read_torch(ProbeContext(python=python, data_dir=Path()))
    assert value_of(torch.version) == "1.13.1"


def test_a_wrapper_script_is_asked_as_it_is(tmp_path: Path) -> None:
    environment = make_venv(tmp_path / "env")
    wrapper = tmp_path / "python-with-modules"
    wrapper.write_text(f'#!/bin/sh\nLOADED=cuda/13 exec "{environment}" "$@"\n')
    wrapper.chmod(0o755)
    folder = site_packages(environment) / "torch"
    folder.mkdir()
    (folder / "__init__.py").write_text("import os; __version__ = os.environ['LOADED']\n")
    torch = read_torch(ProbeContext(python=str(wrapper), data_dir=Path()))
    assert value_of(torch.version) == "cuda/13"


def test_a_conda_prefix_is_told_by_its_folder(tmp_path: Path) -> None:
    python = make_venv(tmp_path / "env")
    (tmp_path / "env" / "conda-meta").mkdir()
    facts = read_python_env(ProbeContext(python=python, data_dir=Path()))
    assert value_of(facts.environment) == "conda"
    assert value_of(facts.prefix) == str(tmp_path / "env")
