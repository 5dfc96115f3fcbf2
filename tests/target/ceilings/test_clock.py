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
