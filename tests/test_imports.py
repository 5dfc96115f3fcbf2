"""The direction of imports, each checked in a fresh interpreter or in the source."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import rigcheck
from rigcheck.child import Child
from rigcheck.probes import tasks
from tests.environments import make_venv, site_packages

PACKAGE = Path(rigcheck.__file__).parent
HEAVY = ("textual", "rich", "torch", "pynvml", "msgspec", "psutil", "cpuinfo")


def modules_loaded_by(statement: str) -> set[str]:
    code = f"import sys\ntry:\n    {statement}\nexcept SystemExit:\n    pass\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_asking_for_help_loads_nothing_heavy(option: str) -> None:
    loaded = modules_loaded_by(f"from rigcheck.cli import main; main([{option!r}])")
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize("room", ["facts", "findings", "rules.judge", "report.text"])
def test_facts_rules_and_reports_need_neither_a_screen_nor_a_driver(room: str) -> None:
    loaded = modules_loaded_by(f"import rigcheck.{room}")
    assert loaded.isdisjoint({"textual", "torch", "pynvml"})


def test_a_check_starts_its_children_before_it_loads_what_asks_them() -> None:
    loaded = modules_loaded_by("import rigcheck.check_command")
    assert loaded.isdisjoint({"msgspec", "rigcheck.facts", "rigcheck.check"})


def test_a_check_loads_rules_tables_and_what_shows_it_while_or_after_it_probes() -> None:
    loaded = modules_loaded_by("import rigcheck.one_check")
    late = ("rigcheck.rules", "rigcheck.bench.runner", "rigcheck.monitor.monitor", "psutil")
    assert not [name for name in loaded if name.startswith(late)]


SLOW_IN_A_CHILD = ("re", "enum", "json", "typing", "collections", "importlib.util", "threading")
"""Each takes a good part of the time that the interpreter itself takes to start."""


@pytest.mark.parametrize("task", [tasks.PYTHON, tasks.TORCH, tasks.NVML])
def test_a_child_answers_that_nothing_is_there_without_loading_half_the_library(
    task: str, tmp_path: Path
) -> None:
    python = make_venv(tmp_path / "bare")
    told = tmp_path / "told"
    (site_packages(python) / "sitecustomize.py").write_text(
        "import os, sys\n"
        "def leave(status):\n"
        f"    open({str(told)!r}, 'w').write(' '.join(sys.modules))\n"
        "    end(status)\n"
        "end, os._exit = os._exit, leave\n"
    )
    with Child(python, task, {}) as child:
        assert list(child.events(30))
        assert child.death is None
    assert set(told.read_text().split()).isdisjoint(SLOW_IN_A_CHILD)


def test_the_text_of_a_check_needs_nothing_that_only_a_benchmark_is_told_by() -> None:
    loaded = modules_loaded_by("import rigcheck.report.text")
    assert loaded.isdisjoint({"rigcheck.report.bench_text", "rigcheck.report.rows"})


SLOW_TO_LOAD = (
    *("psutil", "dataclasses", "logging", "hashlib", "tempfile", "pynvml", "ctypes"),
    *("rigcheck.bench.events", "rigcheck.compare", "rigcheck.ingest", "rigcheck.last_words"),
    *("rigcheck.probes.loaded_libraries", "rigcheck.tui"),
)


def test_a_whole_check_without_torch_loads_nothing_that_it_has_no_use_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    python = make_venv(tmp_path / "bare")
    loaded = modules_loaded_by(
        f"from rigcheck.cli import main; main(['check', '--json', '--python', {python!r}])"
    )
    assert "rigcheck.rules.judge" in loaded
    assert not [name for name in loaded if name.startswith(SLOW_TO_LOAD)]


def test_nothing_of_the_target_is_loaded_by_the_commands() -> None:
    loaded = modules_loaded_by("import rigcheck.one_check")
    assert loaded.isdisjoint({"textual", "torch", "torchvision", "numpy", "pynvml"})


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_only_its_command_imports_the_interface() -> None:
    importers = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources()
        if any(name.startswith("rigcheck.tui") for name in imports_of(path))
        and "tui" not in path.parts
    }
    assert importers == {"start.py"}


def test_one_file_imports_nvml() -> None:
    importers = [path.name for path in sources() if "pynvml" in imports_of(path)]
    assert importers == ["nvml.py"]


def test_rules_never_probe_and_probes_never_judge() -> None:
    for path in (PACKAGE / "rules").glob("*.py"):
        assert not any(name.startswith("rigcheck.probes") for name in imports_of(path)), path
    for path in (PACKAGE / "probes").glob("*.py"):
        assert not any(name.startswith("rigcheck.rules") for name in imports_of(path)), path


TARGET_MODULES = sorted((PACKAGE / "target").rglob("*.py"))


@pytest.mark.parametrize("path", TARGET_MODULES, ids=lambda path: path.stem)
def test_the_target_needs_python_38_and_what_it_probes_only(path: Path) -> None:
    ast.parse(path.read_text(), feature_version=(3, 8))
    ours = {"rigcheck.target", "torch", "torchvision", "PIL"}
    for name in imports_of(path):
        top = name.partition(".")[0]
        allowed = top in sys.stdlib_module_names or any(name.startswith(own) for own in ours)
        assert allowed, f"{path.name} imports {name}"
