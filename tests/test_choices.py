import argparse
from pathlib import Path
from typing import Any

import pytest

from rigcheck.bench.plan import BenchPlan
from rigcheck.bench_command import bench_plan
from rigcheck.choices import probe_context
from rigcheck.errors import ExitCode, RigcheckError, UsageError
from rigcheck.facts import Failed, Found, Rig, Torch
from rigcheck.probes.probe import ProbeContext

WORKING = Rig(torch=Torch(version=Found("2.15.0", "test")))
FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)


def plan(directory: Path, **options: Any) -> BenchPlan:
    context = ProbeContext(python="/usr/bin/python3", data_dir=directory)
    return bench_plan(argparse.Namespace(**options), context, WORKING)


def test_without_data_the_built_in_digits_are_taken(tmp_path: Path) -> None:
    assert plan(tmp_path / "nothing").data_dir is None


def test_what_an_earlier_download_fetched_is_taken(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).touch()
    assert plan(tmp_path).data_dir == tmp_path


def test_what_a_failed_download_left_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "MNIST" / "raw").mkdir(parents=True)
    (tmp_path / "MNIST" / "raw" / FILES[0]).touch()
    assert plan(tmp_path).data_dir is None


def test_a_directory_that_is_asked_for_is_taken_whatever_is_in_it(tmp_path: Path) -> None:
    # The worker tells what is wrong with it.
    assert plan(tmp_path, data_dir=tmp_path).data_dir == tmp_path


def test_a_directory_that_is_not_there_is_wrong_usage_unless_it_is_to_be_filled(
    tmp_path: Path,
) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(UsageError, match="no such directory"):
        probe_context(argparse.Namespace(data_dir=missing))
    context = probe_context(argparse.Namespace(data_dir=missing, download=True))
    assert context.data_dir == missing


def test_nothing_is_trained_where_torch_does_not_work() -> None:
    context = ProbeContext(python="/usr/bin/python3", data_dir=Path("/nowhere"))
    broken = Rig(torch=Torch(version=Failed("died of SIGILL", "import torch")))
    with pytest.raises(RigcheckError, match="no torch that works") as raised:
        bench_plan(argparse.Namespace(), context, broken)
    assert raised.value.exit_code is ExitCode.FINDINGS
    assert "--python /usr/bin/python3" in raised.value.hint


def test_gpu_memory_is_tested_only_where_that_is_asked_for() -> None:
    assert not probe_context(argparse.Namespace()).vram_test
    assert probe_context(argparse.Namespace(vram_test=True)).vram_test


def test_compilers_are_tried_on_demand_only() -> None:
    assert not probe_context(argparse.Namespace()).compile
    assert probe_context(argparse.Namespace(compile=True)).compile
