import json
from typing import Any

import jsonschema
import msgspec
import pytest

from rigcheck.bench.result import Outcome
from rigcheck.compare.compare import compare
from rigcheck.compare.regressions import regressions
from rigcheck.compare.schema import SCHEMA_PATH, schema_text
from rigcheck.errors import RigcheckError, UsageError
from rigcheck.facts import Nvml
from rigcheck.report.report import Report
from tests.compare.test_speeds import on_link
from tests.report.kept import DIGITS, UUID_1, on_host, rate, report, rig, trained
from tests.rules.rigs import found

BOTH = report(trained("CPU"), trained("GPU 0"))


def lost(before: Report, after: Report, least_loss: float = 0.1) -> list[str]:
    return regressions(compare([("a", before), ("b", after)]), least_loss)


def test_every_later_run_is_compared_with_the_first() -> None:
    told = compare([("a", BOTH), ("b", BOTH), ("c", BOTH)])
    assert [(pair.before, pair.after) for pair in told.pairs] == [("A", "B"), ("A", "C")]
    assert [side.run for side in told.sides] == ["a", "b", "c"]


@pytest.mark.parametrize("count", [0, 1, 27])
def test_too_few_or_too_many_runs_are_wrong_usage(count: int) -> None:
    with pytest.raises(UsageError, match="cannot be compared"):
        compare([("a", BOTH)] * count)


def test_what_it_prints_validates_against_the_shipped_schema() -> None:
    told = compare([("a", on_link(16, "570", 160_000)), ("b", on_link(4, "580", 99_200))])
    plain: Any = json.loads(msgspec.json.encode(told))
    jsonschema.validate(plain, json.loads(SCHEMA_PATH.read_text()))
    assert plain["pairs"][0]["speeds"][0]["difference"] == "slower"


def test_the_shipped_schema_is_what_the_types_say() -> None:
    assert SCHEMA_PATH.read_text() == schema_text(), (
        "renew it: python -m rigcheck.compare.schema > rigcheck/compare/compare.schema.json"
    )


def test_the_link_under_load_and_the_threads_are_among_the_changes() -> None:
    before, after = on_link(16, "570", 160_000), on_link(4, "570", 99_200)
    (pair,) = compare([("a", before), ("b", after)]).pairs
    assert [(c.field, c.subject, c.before, c.after) for c in pair.changes] == [
        ("bench.link", "GPU 0", "PCIe 4 x16", "PCIe 4 x4")
    ]
    threads = [report(trained("CPU", threads=n)) for n in (16, 4)]
    (pair,) = compare([("a", threads[0]), ("b", threads[1])]).pairs
    assert [(c.what, c.before, c.after) for c in pair.changes] == [("threads", "16", "4")]


@pytest.mark.parametrize(
    ("speed", "least_loss", "is_lost"),
    [(14_000, 0.1, True), (14_600, 0.1, False), (14_600, 0.05, True), (17_000, 0.0, False)],
)
def test_a_loss_counts_from_the_share_that_was_named(
    speed: float, least_loss: float, *, is_lost: bool
) -> None:
    after = report(trained("CPU", rate(speed)))
    assert bool(lost(report(trained("CPU")), after, least_loss)) is is_lost


def test_a_loss_within_the_intervals_is_none() -> None:
    noisy = report(trained("CPU", rate(13_000, half_width=0.3)))
    assert lost(report(trained("CPU")), noisy) == []


def test_a_device_that_fails_now_or_is_gone_is_lost() -> None:
    failed = trained("GPU 0", outcome=Outcome.FAILED, error="CUDA error")
    failed = msgspec.structs.replace(failed, rate=None)
    assert lost(BOTH, report(trained("CPU"), failed)) == [
        "A to B: GPU 0 (NVIDIA GeForce RTX 4090) trained before and fails now: CUDA error"
    ]
    empty = rig(nvml=Nvml(gpus=found(())))
    assert lost(BOTH, report(trained("CPU"), facts=empty)) == [
        "A to B: GPU 0 (NVIDIA GeForce RTX 4090) is not there any more"
    ]


def test_a_device_that_was_only_not_chosen_is_not_lost() -> None:
    assert lost(BOTH, report(trained("CPU"))) == []


def test_another_machine_loses_nothing_by_having_other_cards() -> None:
    other = rig(host=on_host("b").host, nvml=Nvml(gpus=found(())))
    assert lost(BOTH, report(trained("CPU"), facts=other)) == []


@pytest.mark.parametrize(
    "after",
    [
        report(),
        report(trained("CPU", data=DIGITS)),
        report(trained("GPU 0", identity=UUID_1)),
    ],
)
def test_where_nothing_compares_a_script_is_not_told_that_all_is_well(after: Report) -> None:
    before = report(trained("CPU")) if after.bench is None else BOTH
    with pytest.raises(RigcheckError, match="no speed of these runs compares"):
        lost(before, after)


def test_a_check_among_the_runs_is_said_to_have_no_speeds() -> None:
    told = compare([("a", BOTH), ("b", report())])
    assert told.notes == ("B is a check: it has no speeds",)
