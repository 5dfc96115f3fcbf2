import pytest
import torch

from rigcheck.target.ceilings.clock import time_blocks

CPU = torch.device("cpu")


def test_what_empties_the_caches_runs_before_each_block_and_the_work_once_in_it() -> None:
    calls: list[str] = []
    times_s = time_blocks(
        CPU, lambda: calls.append("work"), budget_s=0.0, before=lambda: calls.append("flush")
    )
    assert calls[-2 * len(times_s) :] == ["flush", "work"] * len(times_s)
    assert all(time_s > 0 for time_s in times_s)


def test_short_work_is_repeated_until_the_clock_is_no_matter() -> None:
    calls: list[str] = []
    times_s = time_blocks(CPU, lambda: calls.append("work"), budget_s=0.0)
    assert len(calls) > 100 * len(times_s)


class Device:
    """Stands in for a GPU, which this machine may not have: a clock that its work moves on."""

    now_ms = 0.0

    def work(self) -> None:
        Device.now_ms += 2.0

    def flush(self) -> None:
        Device.now_ms += 500.0


class Event:
    """As torch.cuda.Event: what the device's clock read when it came to it."""

    def __init__(self, *, enable_timing: bool) -> None:
        assert enable_timing

    def record(self) -> None:
        self.at_ms = Device.now_ms

    def elapsed_time(self, end: "Event") -> float:
        return end.at_ms - self.at_ms


def test_a_gpus_events_are_in_milliseconds_and_leave_the_flush_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cuda, "Event", Event)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: None)
    gpu = Device()
    times_s = time_blocks(torch.device("cuda"), gpu.work, budget_s=0.0, before=gpu.flush)
    assert times_s == pytest.approx([2e-3] * 5)
    repeated_s = time_blocks(torch.device("cuda"), gpu.work, budget_s=0.0)
    assert repeated_s == pytest.approx([2e-3] * 5)
