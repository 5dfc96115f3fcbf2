"""Every framework as PyPI has it, installed in a scratch environment. Gigabytes, so slow.

`RIGCHECK_TEST_FRAMEWORKS` may name an interpreter that has them already.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rigcheck.facts import Failed, Framework, Stage, value_of
from rigcheck.probes.frameworks import read_frameworks
from rigcheck.probes.probe import ProbeContext
from tests.emulated.cpus import python_on

pytestmark = pytest.mark.slow

WANTED = ("tensorflow-cpu", "jax", "keras", "pytensor", "onnxruntime", "numba", "cupy-cuda12x")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    there = os.environ.get("RIGCHECK_TEST_FRAMEWORKS")
    if there:
        return there
    folder = tmp_path_factory.mktemp("frameworks")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    installed = str(folder / "bin" / "python")
    done = subprocess.run(
        [installed, "-m", "pip", "install", "-q", *WANTED],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"the frameworks are not to be had: {done.stderr.strip().splitlines()[-1]}")
    return installed


@pytest.fixture(scope="module")
def told(python: str) -> dict[str, Framework]:
    context = ProbeContext(python=python, data_dir=Path())
    return {f.title: f for f in value_of(read_frameworks(context).installed) or ()}


def stages_of(framework: Framework) -> tuple[Stage, ...]:
    return value_of(framework.stages) or ()


def test_all_of_them_are_found_and_keras_with_both_backends(told: dict[str, Framework]) -> None:
    keras = {"keras on jax", "keras on tensorflow"}
    assert {*WANTED, *keras} - {"keras"} <= set(told)


def test_none_fails_in_any_step(told: dict[str, Framework]) -> None:
    errors = {
        (title, stage.name): stage.error
        for title, framework in told.items()
        for stage in stages_of(framework)
        if stage.error
    }
    assert errors == {}


@pytest.mark.parametrize(
    ("title", "work", "device"),
    [
        ("tensorflow-cpu", "BLAS", "CPU:0"),
        ("jax", "BLAS", "cpu:0"),
        ("keras on jax", "BLAS", ""),
        ("keras on tensorflow", "BLAS", ""),
        ("onnxruntime", "BLAS", "CPUExecutionProvider"),
        ("numba", "LLVM's code", "cpu"),
        ("pytensor", "10 calls", ""),
    ],
)
def test_each_computes_on_the_cpu(
    told: dict[str, Framework], title: str, work: str, device: str
) -> None:
    assert (work, device) in {(s.name, s.device) for s in stages_of(told[title])}


def test_the_builds_tell_what_they_are_for(told: dict[str, Framework]) -> None:
    assert value_of(told["tensorflow-cpu"].cuda_built_version) is None
    cuda = value_of(told["cupy-cuda12x"].cuda_built_version)
    assert cuda is not None
    assert cuda.startswith("12.")
    assert value_of(told["pytensor"].graph_ran_on) == "CPU"


def test_the_libraries_they_loaded_have_owners(told: dict[str, Framework]) -> None:
    loaded = value_of(told["jax"].loaded_libraries) or ()
    owners = {value_of(library.owner) for library in loaded if "openblas" in library.name}
    assert owners
    assert all(owner and owner.startswith(("numpy ", "scipy ")) for owner in owners)


def test_tensorflow_and_jax_do_not_start_on_a_cpu_without_avx(python: str, tmp_path: Path) -> None:
    context = ProbeContext(python=python_on("Nehalem", python, tmp_path), data_dir=Path())
    told = {f.title: f for f in value_of(read_frameworks(context).installed) or ()}
    tensorflow, jax = told["tensorflow-cpu"].sees_gpu, told["jax"].sees_gpu
    assert isinstance(tensorflow, Failed)
    assert isinstance(jax, Failed)
    assert "AVX" in jax.error
