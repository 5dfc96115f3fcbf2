"""torchvision's operators, without the rest of it; stand-ins that fail where the real one does."""

import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from rigcheck.target.torchvision_parts import torchvision_version

PARTS = {
    "__init__": "raise RuntimeError('the whole was imported')",
    "extension": "",
    "_meta_registrations": "from torchvision import extension",
    "version": "__version__ = '0.99.0'",
}


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever other tests imported of it is out of the way."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        monkeypatch.delitem(sys.modules, name)
    yield
    assert not any(name.partition(".")[0] == "torchvision" for name in sys.modules)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "torchvision"
    folder.mkdir()
    for name, source in PARTS.items():
        (folder / f"{name}.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def test_the_real_one_tells_its_version_and_leaves_nothing_behind() -> None:
    pytest.importorskip("torch")
    expected = version("torchvision")
    assert torchvision_version().partition("+")[0] == expected.partition("+")[0]


def test_the_whole_is_not_imported(stand_in: Path) -> None:
    assert stand_in.is_dir()
    assert torchvision_version() == "0.99.0"


@pytest.mark.parametrize("part", ["extension", "_meta_registrations"])
def test_a_part_that_does_not_fit_torch_says_so_in_its_own_words(stand_in: Path, part: str) -> None:
    words = "operator torchvision::nms does not exist"
    (stand_in / f"{part}.py").write_text(f"raise RuntimeError({words!r})")
    with pytest.raises(RuntimeError, match=words):
        torchvision_version()


def test_an_older_one_without_registrations_is_as_good(stand_in: Path) -> None:
    (stand_in / "_meta_registrations.py").unlink()
    assert torchvision_version() == "0.99.0"


def test_a_missing_pillow_is_missed(stand_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.delitem(sys.modules, "PIL.Image", raising=False)
    with pytest.raises(ModuleNotFoundError, match="PIL"):
        torchvision_version()
    assert stand_in.is_dir()


def test_one_that_is_made_otherwise_is_imported_whole(stand_in: Path) -> None:
    for file in stand_in.glob("*.py"):
        file.unlink()
    (stand_in / "__init__.py").write_text("raise ImportError('broken on purpose')")
    with pytest.raises(ImportError, match="broken on purpose"):
        torchvision_version()


def test_none_at_all_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(ModuleNotFoundError) as caught:
        torchvision_version()
    assert caught.value.name == "torchvision"
