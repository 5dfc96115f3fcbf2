from pathlib import Path

import pytest

from rigcheck.bench.result import Rate
from rigcheck.report.kept_runs import KeptDevice, KeptRun, RunState
from rigcheck.tui.comparison import comparison, difference_text
from tests.tui.streams import rate


def run(run_id: str, *devices: KeptDevice) -> KeptRun:
    return KeptRun(path=Path(), run_id=run_id, state=RunState.WHOLE, devices=devices)


def kept_device(label: str, of: Rate | None, identity: str = "", name: str = "x") -> KeptDevice:
    return KeptDevice(label=label, name=name, identity=identity, rate=of)


@pytest.mark.parametrize(
    ("then", "now", "text"),
    [
        (1000.0, 2000.0, "faster: 2.00× the speed of then"),
        (1000.0, 900.0, "slower: 0.90× the speed of then"),
        (1000.0, 1030.0, "no certain difference: 1.03× the speed of then, and the intervals"),
    ],
)
def test_only_intervals_that_lie_apart_tell_a_difference(
    then: float, now: float, text: str
) -> None:
    assert difference_text(rate(then), rate(now)).startswith(text)


def test_what_was_measured_once_is_not_compared() -> None:
    assert difference_text(None, rate(1.0)) == "not measured in both"
    assert difference_text(rate(1.0), None) == "not measured in both"


def test_devices_are_paired_by_identity_and_not_by_number() -> None:
    before = run("20250101T000000Z-1", kept_device("GPU 0", rate(1000.0), "GPU-a"))
    after = run(
        "20250102T000000Z-1",
        kept_device("GPU 0", rate(9000.0), "GPU-b"),
        kept_device("GPU 1", rate(2000.0), "GPU-a"),
    )
    text = comparison(before, after, 80).plain
    assert "faster: 2.00×" in text
    assert text.count("not measured in both") == 1
    assert "9.00 k" in text


@pytest.mark.parametrize("n_columns", [1, 12, 40, 200])
def test_it_bears_any_width(n_columns: int) -> None:
    of = kept_device("CPU", rate(1000.0), name="\x1b[2Jlong name " * 5)
    text = comparison(run("a", of), run("b", of), n_columns).plain
    assert "\x1b" not in text
    assert "overlap" in text.replace("\n", "") or n_columns < 12
