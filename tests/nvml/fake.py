"""Fixtures that put the fake NVML in the place of the true one, for whatever a test starts.

    def test_something(plug_in_nvml):
        plug_in_nvml("rtx-4090", "gpu 0 fail nvmlDeviceGetPowerUsage 3")
        ...  # every process started from here on finds this driver

The scenarios are in `scenarios/`; further lines are added to them. library/scenario.h says what a
line may be. Nothing in this process changes: rigcheck asks NVML in children only.
"""

import importlib.metadata
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

_HERE = Path(__file__).parent
_SOURCES = sorted((_HERE / "library").glob("*.c"))
_FLAGS = ("-std=c11", "-D_GNU_SOURCE", "-O1", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror")
# It defines what nvml.h calls deprecated.
_QUIET = "-Wno-deprecated-declarations"


class FakeNvml(Protocol):
    """Builds the library for a scenario."""

    def __call__(self, scenario: str, *lines: str) -> dict[str, str]:
        """The environment variables that make a process load it."""


class PlugInNvml(Protocol):
    """Sets those variables until the test ends."""

    def __call__(self, scenario: str, *lines: str) -> None:
        """Every process started from here on finds this driver."""


@pytest.fixture(scope="session")
def nvml_libraries(tmp_path_factory: pytest.TempPathFactory) -> Callable[[frozenset[str]], Path]:
    """Compiles the library, once for each set of functions that it lacks; tells its folder."""
    built: dict[frozenset[str], Path] = {}

    def folder_without(missing: frozenset[str]) -> Path:
        if missing not in built:
            folder = tmp_path_factory.mktemp("nvml")
            compile_library(folder / "libnvidia-ml.so.1", missing)
            built[missing] = folder
        return built[missing]

    return folder_without


@pytest.fixture
def fake_nvml(nvml_libraries: Callable[[frozenset[str]], Path], tmp_path: Path) -> FakeNvml:
    """`fake_nvml("rtx-4090", "gpu 0 …")` gives the variables for a process of the test's own."""

    def build(scenario: str, *lines: str) -> dict[str, str]:
        statements = [*read_statements(scenario), *lines]
        path = tmp_path / "nvml-scenario.txt"
        path.write_text("\n".join(statements) + "\n")
        words = [statement.split() for statement in statements]
        missing = frozenset(word[1] for word in words if word[:1] == ["missing"])
        search = [str(nvml_libraries(missing)), os.environ.get("LD_LIBRARY_PATH", "")]
        return {
            "LD_LIBRARY_PATH": ":".join(filter(None, search)),
            "RIGCHECK_TEST_NVML_SCENARIO": str(path),
        }

    return build


@pytest.fixture
def plug_in_nvml(fake_nvml: FakeNvml, monkeypatch: pytest.MonkeyPatch) -> PlugInNvml:
    """`plug_in_nvml("rtx-4090", "gpu 0 …")` gives every process started afterwards that driver."""

    def plug_in(scenario: str, *lines: str) -> None:
        for variable, value in fake_nvml(scenario, *lines).items():
            monkeypatch.setenv(variable, value)

    return plug_in


def read_statements(scenario: str) -> Iterator[str]:
    """Its lines; `include NAME` stands for those of another."""
    for line in (_HERE / "scenarios" / f"{scenario}.txt").read_text().splitlines():
        if line.startswith("include "):
            yield from read_statements(line.removeprefix("include "))
        else:
            yield line


def _compiler() -> str:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler (`cc`) to build the fake NVML with")
    return compiler


def _header_folder() -> Path:
    try:
        files = importlib.metadata.files("nvidia-nvml-dev") or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("nvidia-nvml-dev, of the extra `test`, is not installed: no nvml.h")
    return next(Path(str(f.locate())).parent for f in files if f.name == "nvml.h")


def compile_library(library: Path, missing: frozenset[str] = frozenset()) -> None:
    """Builds it without the missing functions; skips the test where it cannot be built."""
    # Under another name a function is not there for whoever looks it up.
    renamed = [f"-D{function}=absent_{function}" for function in sorted(missing)]
    command = [_compiler(), *_FLAGS, _QUIET, *renamed, "-isystem", str(_header_folder())]
    command += [*map(str, _SOURCES), "-o", str(library), f"-Wl,-soname,{library.name}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
