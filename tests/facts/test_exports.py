import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

from rigcheck import facts

FILES = [
    importlib.import_module(f"rigcheck.facts.{found.name}")
    for found in pkgutil.iter_modules(facts.__path__)
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.__name__.rpartition(".")[2])
def test_what_a_file_of_facts_defines_is_imported_from_the_package(file: ModuleType) -> None:
    defined = {
        name
        for name, value in inspect.getmembers(file)
        if getattr(value, "__module__", None) == file.__name__ and not name.startswith("_")
    }
    assert defined
    assert defined <= set(facts.__all__)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.__name__.rpartition(".")[2])
def test_the_package_tells_what_the_file_is_for(file: ModuleType) -> None:
    assert f"| `{file.__name__.rpartition('.')[2]}` |" in (facts.__doc__ or "")
