"""Where runs are kept, by the environment."""

import os
import pwd
from pathlib import Path

import pytest

from rigcheck.user_data import user_data_dir


def test_the_variable_of_the_specification_is_heeded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert user_data_dir() == tmp_path / "rigcheck"


@pytest.mark.parametrize("value", ["", "data", "./data"])
def test_a_relative_path_in_it_is_ignored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", value)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_data_dir() == tmp_path / ".local/share/rigcheck"


def test_who_has_no_home_has_no_place_that_could_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(uid: int) -> pwd.struct_passwd:
        raise KeyError(uid)

    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    assert user_data_dir() == Path("/nonexistent/.local/share/rigcheck")
    assert not os.path.lexists("/nonexistent")
