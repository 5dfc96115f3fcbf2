"""Real words of torch and of the kernel, and what is made of them."""

import pytest

from rigcheck.bench.failures import failure_of
from rigcheck.child import Death


def death(kind: str, message: str) -> Death:
    return Death(stage="device", reason=f"{kind}: {message}", error_kind=kind, traceback="…")


@pytest.mark.parametrize(
    ("kind", "message", "error_begins", "hint_holds"),
    [
        (
            "OutOfMemoryError",
            "CUDA out of memory. Tried to allocate 180.00 MiB. GPU 0 has a total capacity of …",
            "the GPU's memory ran out: OutOfMemoryError: CUDA out of memory. Tried to",
            "nvidia-smi",
        ),
        (
            "RuntimeError",
            "[enforce fail at alloc_cpu.cpp:114] data. DefaultCPUAllocator: can't allocate memory",
            "main memory ran out: RuntimeError: [enforce fail",
            "about 1 GiB",
        ),
        ("MemoryError", "", "main memory ran out: MemoryError:", "about 1 GiB"),
        (
            "AcceleratorError",
            "CUDA error: no kernel image is available\nCUDA kernel errors might be asynchronously",
            "this torch holds no code for this GPU: AcceleratorError: CUDA error: no kernel image",
            "`rigcheck check`",
        ),
        (
            "AcceleratorError",
            "CUDA error: invalid device ordinal\nCUDA kernel errors might be",
            "torch cannot use this device: AcceleratorError: CUDA error: invalid device ordinal",
            "`rigcheck check`",
        ),
        (
            "AssertionError",
            "Torch not compiled with CUDA enabled",
            "torch cannot use this device: AssertionError: Torch not compiled",
            "`rigcheck check`",
        ),
        (
            "ModuleNotFoundError",
            "No module named 'torch'",
            "torch is not installed in this interpreter: ModuleNotFoundError",
            "`rigcheck check`",
        ),
        ("ValueError", "something else", "ValueError: something else", ""),
    ],
)
def test_what_torch_says_gets_a_meaning_and_a_hint(
    kind: str, message: str, error_begins: str, hint_holds: str
) -> None:
    failure = failure_of(death(kind, message))
    assert failure.error.startswith(error_begins)
    assert "asynchronously" not in failure.error
    assert hint_holds in failure.hint
    assert bool(hint_holds) == bool(failure.hint)


def test_an_error_is_one_line_of_bearable_length() -> None:
    failure = failure_of(death("RuntimeError", "many\nlines " * 100))
    assert "\n" not in failure.error
    assert len(failure.error) == 300


def test_a_kill_from_outside_points_to_the_kernels_log() -> None:
    failure = failure_of(Death(stage="data", reason="died of SIGKILL (killed …)", signal=9))
    assert failure.error == "died of SIGKILL (killed …)"
    assert "killed process" in failure.hint


def test_a_missing_instruction_points_to_the_check() -> None:
    failure = failure_of(Death(stage="import torch", reason="died of SIGILL", signal=4))
    assert "instructions" in failure.hint


def test_a_signal_of_its_own_making_gets_no_hint() -> None:
    assert failure_of(Death(stage="data", reason="died of SIGUSR1", signal=10)).hint == ""


def test_a_signal_python_has_no_name_for_is_no_trouble() -> None:
    assert failure_of(Death(stage="data", reason="died of signal 40", signal=40)).hint == ""


def test_traceback_and_last_output_are_kept() -> None:
    failure = failure_of(
        Death(stage="data", reason="x", traceback="Traceback …", output_tail="last words")
    )
    assert failure.details == "Traceback …\nlast words"
