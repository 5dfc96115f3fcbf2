"""Stored facts, judged again."""

import msgspec

from rigcheck.facts import Pci
from rigcheck.findings import Finding, Verdict
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.rejudge import rejudge
from rigcheck.report.report import Report, make_report
from tests.bench.test_health import bench, sample
from tests.rules.health_rigs import desktop_4090
from tests.rules.rigs import ALL_PARTS, card, found, gpu, nvml, python, rtx_4090

STALE = Finding(id="no-longer-a-rule", verdict=Verdict.FAIL, headline="of old", group="torch")


def report(parts: frozenset[str]) -> Report:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(name="GM206 [GeForce GTX 960]"),))),
        nvml=nvml(gpu(name="NVIDIA GeForce GTX 960", capability="5.2")),
    )
    probes = tuple(ProbeOutcome(part=part, duration_s=0.1) for part in sorted(parts))
    return make_report(rig=rig, probes=probes, findings=(STALE,), check_duration_s=1.0)


def test_the_same_facts_get_the_findings_of_today() -> None:
    old = report(ALL_PARTS)
    new = rejudge(old)
    assert new.root_cause == "gpu-arch-not-in-wheel"
    assert STALE not in new.findings
    assert (new.rig, new.created_at) == (old.rig, old.created_at)


def test_what_was_not_probed_is_not_judged() -> None:
    ids = {finding.id for finding in rejudge(report(frozenset({"memory", "host"}))).findings}
    assert ids == {"shm-too-small", "wsl1"}


def test_what_the_meters_showed_while_it_trained_is_judged_again_too() -> None:
    asleep = bench(sample(7.0, 1), sample(7.5, 1), sample(8.0, 1), sample(8.5, 1))
    old = make_report(
        rig=desktop_4090(), probes=(), findings=(), check_duration_s=1.0, bench=asleep
    )
    verdicts = {finding.id: finding.verdict for finding in rejudge(old).findings}
    assert verdicts["pcie-link-degraded"] is Verdict.WARN


def test_judging_twice_changes_nothing() -> None:
    once = rejudge(report(ALL_PARTS))
    assert rejudge(once) == once


def test_the_facts_of_a_pasted_text_are_judged_as_such() -> None:
    whole = report(frozenset())
    rig = msgspec.structs.replace(whole.rig, python=python(version=found("3.17.0")))
    new = rejudge(msgspec.structs.replace(whole, rig=rig))
    assert new.root_cause == "gpu-arch-not-in-wheel"
