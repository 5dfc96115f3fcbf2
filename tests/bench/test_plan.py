from pathlib import Path

import pytest

from rigcheck.bench.plan import BenchPlan
from rigcheck.errors import UsageError
from tests.bench.runs import make_plan


@pytest.mark.parametrize(
    ("field", "value"), [("training_s", 0.0), ("epochs", 0), ("threads", 0), ("threads", -1)]
)
def test_what_cannot_be_done_is_refused(field: str, value: float) -> None:
    with pytest.raises(UsageError, match=f"training takes .*, not {value:g}"):
        make_plan(**{field: value})


def test_a_download_needs_a_directory() -> None:
    with pytest.raises(UsageError, match="into which directory"):
        BenchPlan(python="python", devices=(), download=True)


def test_a_download_with_a_directory_is_a_plan() -> None:
    assert BenchPlan(python="python", devices=(), download=True, data_dir=Path("mnist")).download
