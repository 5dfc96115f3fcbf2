import re

import msgspec
import pytest

from rigcheck.facts import Rig
from rigcheck.findings import Finding, Verdict
from rigcheck.report.formats.nagios import nagios, state
from rigcheck.report.report import make_report
from tests.report.formats.samples import whole_report

PERFDATA = re.compile(r"(?:'[^'=|]+'|[a-z]+)=-?\d+(?:\.\d+)?s?(?:;[\d.]*){0,4}")


def finding(verdict: Verdict) -> Finding:
    return Finding(id="x", verdict=verdict, headline="something", group="cpu")


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ((), "OK"),
        ((Verdict.PASS, Verdict.SKIP), "OK"),
        ((Verdict.UNKNOWN, Verdict.PASS), "UNKNOWN"),
        ((Verdict.WARN, Verdict.UNKNOWN), "WARNING"),
        ((Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN), "CRITICAL"),
    ],
)
def test_the_state_is_that_of_the_gravest_verdict(
    verdicts: tuple[Verdict, ...], expected: str
) -> None:
    report = make_report(
        rig=Rig(), probes=(), findings=tuple(map(finding, verdicts)), check_duration_s=1.0
    )
    assert nagios(report).startswith(f"RIGCHECK {expected} - ")


def test_a_check_that_was_interrupted_is_not_ok() -> None:
    report = make_report(rig=Rig(), probes=(), findings=(), check_duration_s=1.0, interrupted=True)
    assert state(report) == "UNKNOWN"


@pytest.mark.parametrize("foreign", ["calm", "a|b='c' d", "line\nbreak", "it's = \x1b[0m"])
def test_the_first_line_has_one_bar_and_figures_behind_it(foreign: str) -> None:
    first, *others = nagios(whole_report(foreign, foreign)).splitlines()
    _, figures = first.split(" | ")
    pieces = re.findall(r"(?:'[^']*'|[^\s'])+", figures)
    assert len(pieces) == 8
    assert all(PERFDATA.fullmatch(piece) for piece in pieces), pieces
    assert not any("|" in line for line in others)


def test_the_root_cause_is_in_the_first_line_and_the_others_below() -> None:
    lines = nagios(whole_report()).splitlines()
    assert lines[0].startswith("RIGCHECK CRITICAL - driver-older-than-cuda: the driver is too old")
    assert [line.split(":")[0] for line in lines[1:]] == [
        "CRITICAL",
        "CRITICAL",
        "WARNING",
        "UNKNOWN",
    ]


def test_a_long_headline_leaves_the_figures_their_place() -> None:
    report = whole_report()
    long = msgspec.structs.replace(report.findings[0], headline="x" * 5000)
    first = nagios(msgspec.structs.replace(report, findings=(long,))).splitlines()[0]
    assert len(first) < 1024
    assert "'GPU 0 images/s'=16400.0" in first
