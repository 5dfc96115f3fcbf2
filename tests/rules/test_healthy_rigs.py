"""No rule may cry wolf: machines on which nothing is wrong."""

import pytest

from rigcheck.facts import Rig
from rigcheck.findings import Verdict
from rigcheck.rules.judge import judge
from tests.rules import health_rigs
from tests.rules.rigs import ALL_PARTS, cpu_laptop, unreadable_log, wrong_in

HEALTHY = {
    "RTX 4090 desktop with its display": health_rigs.desktop_4090(),
    "RTX 4090 seen by an ordinary user": health_rigs.desktop_4090(kernel_log=unreadable_log()),
    "eight H100": health_rigs.eight_h100(),
    "container that was given two of eight": health_rigs.container_of_two_h100(),
    "laptop": health_rigs.laptop_4090(),
    "WSL 2": health_rigs.wsl_2(),
    "V100 on 580": health_rigs.v100_on_580(),
    "GTX 960 of 4 GB": health_rigs.full_960(),
    "GB10": health_rigs.gb10(),
}


@pytest.mark.parametrize("rig", HEALTHY.values(), ids=HEALTHY)
def test_a_healthy_machine_is_free_of_warnings_and_faults(rig: Rig) -> None:
    assert wrong_in(rig) == []


@pytest.mark.parametrize("rig", HEALTHY.values(), ids=HEALTHY)
def test_no_rule_breaks_on_it_and_each_finding_is_well_formed(rig: Rig) -> None:
    for finding in judge(rig, ALL_PARTS):
        assert "could not be judged" not in finding.headline
        assert "\n" not in finding.headline
        assert finding.verdict is Verdict.SKIP or finding.evidence, finding.id


def test_without_a_gpu_only_that_is_told() -> None:
    assert wrong_in(cpu_laptop()) == ["no-nvidia-gpu"]


def test_what_an_ordinary_user_may_not_read_is_unknown_and_not_fine() -> None:
    findings = judge(HEALTHY["RTX 4090 seen by an ordinary user"], ALL_PARTS)
    (finding,) = [f for f in findings if f.id == "xid-errors"]
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.remedy is not None
    assert finding.remedy.commands == ("sudo dmesg | grep -i xid",)
