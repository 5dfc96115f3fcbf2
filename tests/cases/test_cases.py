"""Every real report is judged as it was established to be."""

from collections.abc import Iterator

import pytest

from tests.cases.cases import (
    Case,
    cases_dir,
    judged,
    recorded_cases,
    reports,
    shared_cases,
)


def further_cases() -> Iterator[Case]:
    directory = cases_dir()
    return shared_cases(directory) if directory else iter(())


@pytest.mark.parametrize("case", list(recorded_cases()), ids=lambda case: case.id)
def test_a_recorded_rig_is_judged_right(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("case", list(further_cases()), ids=lambda case: case.id)
def test_a_further_case_is_judged_right(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("case", list(reports()), ids=lambda case: case.id)
def test_a_pasted_report_is_judged_right(case: Case) -> None:
    check(case)


def test_further_cases_are_there_or_it_is_said() -> None:
    if cases_dir() is None:
        pytest.skip("no folder of cases: RIGCHECK_TEST_CASES names one")


def check(case: Case) -> None:
    outcome = judged(case)
    ids = [finding.id for finding in outcome.wrong]
    assert outcome.is_right, f"{outcome.word}: {case.fault}, judged {ids}"
