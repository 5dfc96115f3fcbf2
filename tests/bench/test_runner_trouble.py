"""Workers that end badly, interpreters that are not in order, data that is no good."""

import dataclasses
import os
import signal
import threading
from pathlib import Path

import pytest

from rigcheck.bench.events import BlockMeasured
from rigcheck.bench.result import DeviceRun, Outcome
from tests.bench.runs import (
    CPU,
    finished,
    interpreter,
    make_plan,
    result_of,
    running,
    worker_process,
)
from tests.environments import FakePackages
from tests.mnist import compress, write_set


def failed_run(**fields: object) -> DeviceRun:
    (run,) = result_of(make_plan(**fields)).devices
    assert run.outcome is Outcome.FAILED
    return run


def test_a_worker_that_is_killed_is_told_of_and_its_blocks_are_kept() -> None:
    with running(make_plan(training_s=600.0), threading.Event()) as events:
        for event in events:
            if isinstance(event, BlockMeasured):
                os.kill(worker_process().pid, signal.SIGKILL)
                break
        (run,) = finished(list(events)).devices
    assert (run.outcome, run.stage) == (Outcome.FAILED, "training")
    assert run.error.startswith("died of SIGKILL")
    assert "killed process" in run.hint
    assert run.rate is not None


def test_no_memory_left_is_said_so(tmp_path: Path) -> None:
    python = interpreter(
        tmp_path,
        """
        import re, resource, torch
        used = int(re.search(r"VmSize:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024
        resource.setrlimit(resource.RLIMIT_AS, (used + (100 << 20), resource.RLIM_INFINITY))
        """,
    )
    run = failed_run(python=python)
    assert run.stage == "data"
    assert run.error.startswith("main memory ran out: ")
    assert "close other programs" in run.hint


@pytest.mark.parametrize(
    "numpy",
    ["raise ModuleNotFoundError('no NumPy', name='numpy')", "raise ImportError('broken NumPy')"],
    ids=["missing", "broken"],
)
def test_training_needs_no_numpy(tmp_path: Path, numpy: str) -> None:
    packages = FakePackages(tmp_path)
    packages.add_package("numpy", numpy)
    run = result_of(make_plan(python=packages.python, training_s=0.01)).devices[0]
    assert (run.outcome, run.error) == (Outcome.DONE, "")
    assert run.evaluation is not None


def test_what_the_target_prints_disturbs_nothing(tmp_path: Path) -> None:
    python = interpreter(
        tmp_path,
        """
        import os, threading
        garbage = b'{"event": "block"}\\n\\x1b[2J\\xff\\x00{"event": "end"}\\n' * 1_000
        def shout():
            while True:
                os.write(1, garbage)
                os.write(2, garbage)
        threading.Thread(target=shout, daemon=True).start()
        """,
    )
    data_dir = write_set(tmp_path / "data")
    run = result_of(make_plan(python=python, data_dir=data_dir)).devices[0]
    assert (run.outcome, run.error) == (Outcome.DONE, "")
    assert run.evaluation is not None


def test_a_worker_that_speaks_another_language_is_not_believed(tmp_path: Path) -> None:
    python = interpreter(
        tmp_path,
        """
        import os, sys
        os.write(int(sys.argv[2]), b'{"event": "block", "images": "many"}\\n')
        """,
    )
    run = failed_run(python=python)
    assert run.error.startswith("the worker sent what is not an event: ")
    assert run.blocks == ()


def test_an_interpreter_that_is_not_there_is_named(tmp_path: Path) -> None:
    run = failed_run(python=str(tmp_path / "python"))
    assert run.error == f"{tmp_path / 'python'} cannot be started: No such file or directory"
    assert run.stage == "start"
    assert run.threads is None


def test_a_missing_torch_is_said_so(tmp_path: Path) -> None:
    packages = FakePackages(tmp_path)
    packages.add_package("torch", "raise ModuleNotFoundError(\"No module named 'torch'\")")
    run = failed_run(python=packages.python)
    assert run.stage == "import torch"
    assert run.error.startswith("torch is not installed in this interpreter")


def test_a_torch_that_crashes_is_told_by_its_signal(tmp_path: Path) -> None:
    packages = FakePackages(tmp_path)
    packages.add_package(
        "torch",
        "import os, signal\nos.kill(os.getpid(), signal.SIGILL)\nimport time; time.sleep(9)",
    )
    run = failed_run(python=packages.python)
    assert run.stage == "import torch"
    assert run.error.startswith("died of SIGILL")
    assert "instructions" in run.hint


def test_an_unknown_kind_of_device_is_told_with_torchs_words() -> None:
    run = failed_run(devices=(dataclasses.replace(CPU, device="abacus:0"),))
    assert run.stage == "device"
    assert "Expected one of cpu, cuda" in run.error


def test_training_that_diverges_is_stopped_and_told(tmp_path: Path) -> None:
    """A loss a hundred times too steep is a learning rate a hundred times too high."""
    python = interpreter(
        tmp_path,
        """
        import torch
        plain = torch.nn.functional.cross_entropy
        torch.nn.functional.cross_entropy = lambda *args, **more: 100 * plain(*args, **more)
        """,
    )
    data_dir = write_set(tmp_path / "data")
    run = failed_run(python=python, data_dir=data_dir, training_s=60.0)
    assert run.error.startswith("training diverged: the loss is no number any more in epoch ")
    assert run.blocks[-1].loss is None
    assert run.evaluation is None


def test_data_that_is_no_good_is_named_with_a_way_out(tmp_path: Path) -> None:
    data_dir = write_set(tmp_path)
    path = compress(data_dir / "train-images-idx3-ubyte")
    path.write_bytes(path.read_bytes()[:-100])
    run = failed_run(data_dir=data_dir)
    assert run.stage == "data"
    assert run.error == f"{path} is cut off: its gzip data ends early"
    assert "built-in digits" in run.hint
    assert run.torch_version != ""
