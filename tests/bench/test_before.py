from typing import Any

import msgspec
import pytest

from rigcheck.bench.before import is_steady, judge_before
from rigcheck.bench.result import Before, DeviceRun, Rate, TierRun
from rigcheck.bench.tier import Tier
from rigcheck.findings import Evidence, Finding, Verdict
from tests.report.kept import rate, trained

SENTENCE = "driver 570 → 580, torch the same, GPU 0 -38 %: its link is now x4"


def earlier(speed: Rate, tier: Tier = Tier.IN_MEMORY, sentence: str = "") -> Before:
    return Before(
        run="k7f3q9m2",
        created_at="2026-11-20T08:00:00Z",
        tier=tier,
        rate=speed,
        sentence=sentence,
        evidence=(Evidence("link under load: x16 → x4", "report"),) if sentence else (),
    )


def judged(run: DeviceRun, *before: Before, others: tuple[Finding, ...] = ()) -> Finding:
    (finding,) = judge_before(msgspec.structs.replace(run, before=before), others)
    return finding


def other(subject: str, verdict: Verdict) -> Finding:
    return Finding(
        id="pcie-link-degraded",
        verdict=verdict,
        headline="",
        group="benchmark",
        subject=subject,
    )


def test_a_slower_gpu_is_told_with_its_cause_and_what_to_do() -> None:
    finding = judged(trained("GPU 0", rate(99_200)), earlier(rate(160_000), sentence=SENTENCE))
    assert (finding.id, finding.verdict) == ("slower-than-before", Verdict.WARN)
    assert (
        finding.headline == "GPU 0 trains LeNet 38% slower than on 2026-11-20: its link is now x4"
    )
    assert [evidence.text for evidence in finding.evidence] == [
        "now: 99.2 k images/s (98.2 k to 100 k), in-memory",
        "run k7f3q9m2 of 2026-11-20T08:00:00Z: 160 k images/s (158 k to 162 k)",
        SENTENCE,
        "link under load: x16 → x4",
    ]
    assert finding.remedy is not None
    assert finding.remedy.commands[0] == "rigcheck compare k7f3q9m2 last"


@pytest.mark.parametrize(
    ("label", "before", "now", "verdict"),
    [
        ("GPU 0", rate(100_000), rate(92_000), Verdict.WARN),
        ("GPU 0", rate(100_000), rate(94_000), Verdict.PASS),
        ("GPU 0", rate(100_000, half_width=0.08), rate(90_000, half_width=0.08), Verdict.PASS),
        ("GPU 0", rate(100_000), rate(150_000), Verdict.PASS),
        ("CPU", rate(16_000), rate(14_000), Verdict.WARN),
        ("CPU", rate(16_000), rate(14_700), Verdict.PASS),
    ],
)
def test_a_loss_is_told_beyond_chance_and_the_ways_of_a_healthy_machine(
    label: str, before: Rate, now: Rate, verdict: Verdict
) -> None:
    finding = judged(trained(label, now), earlier(before))
    assert finding.verdict is verdict
    assert (finding.remedy is not None) is (verdict is Verdict.WARN)


def test_what_was_never_measured_before_is_not_judged() -> None:
    assert list(judge_before(trained("GPU 0"), ())) == []


def test_one_finding_a_device_of_the_form_that_lost_most() -> None:
    peak: dict[str, Any] = {
        "why_not": "",
        "warm_up_s": None,
        "of_in_memory": None,
        "blocks": (),
        "epochs": (),
        "first_epoch": None,
        "evaluation": None,
    }
    run = trained(
        "GPU 0", rate(100_000), tiers=(TierRun(tier=Tier.PEAK, rate=rate(50_000), **peak),)
    )
    finding = judged(run, earlier(rate(100_000)), earlier(rate(150_000), Tier.PEAK))
    assert finding.verdict is Verdict.WARN
    assert "67% slower" in finding.headline
    assert "peak" in finding.evidence[0].text


def test_it_follows_from_what_is_wrong_with_the_same_device_under_load() -> None:
    run, before = trained("GPU 0", rate(60_000)), earlier(rate(100_000))
    wrong = other("GPU 0", Verdict.WARN)
    assert judged(run, before, others=(wrong,)).caused_by == "pcie-link-degraded"
    for unlike in (other("GPU 1", Verdict.FAIL), other("GPU 0", Verdict.PASS)):
        assert judged(run, before, others=(unlike,)).caused_by is None


@pytest.mark.parametrize(
    ("speed", "steady"),
    [
        (rate(100.0), True),
        (rate(100.0, half_width=0.11), False),
        (rate(100.0, blocks=4), False),
        (rate(100.0, half_width=0.09, blocks=5), True),
    ],
)
def test_an_unsteady_rate_is_held_against_nobody(speed: Rate, *, steady: bool) -> None:
    assert is_steady(speed) is steady
