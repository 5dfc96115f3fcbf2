import msgspec

from rigcheck.check_events import CheckEvent, ProbeFinished, ProbeStarted
from rigcheck.facts import Rig
from rigcheck.findings import Finding, Remedy, Verdict
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.tui.check_model import CheckModel, Group
from tests.tui.streams import FINDINGS, INSTALL, NO_CODE, RIG, check_events


def model_after(*events: CheckEvent) -> CheckModel:
    model = CheckModel(clock=lambda: 100.0)
    for event in events:
        model.take(event)
    return model


def groups_of(findings: tuple[Finding, ...]) -> dict[str, Group]:
    return {g.part: g for g in model_after(*check_events(findings=findings)).groups()}


def test_before_the_first_event_there_is_nothing_and_no_error() -> None:
    model = model_after()
    assert (model.groups(), model.cause, model.n_probes, model.waiting_for) == ((), None, 0, ())


def test_groups_stand_in_the_order_in_which_their_probes_were_started() -> None:
    titles = [group.title for group in model_after(*check_events()).groups()]
    assert titles == ["PyTorch", "CPU", "Memory", "Host"]


def test_a_probe_at_work_is_waited_for() -> None:
    started = [ProbeStarted(part=part, title=part.upper()) for part in ("torch", "cpu")]
    done = ProbeOutcome(part="cpu", duration_s=0.1)
    finished = ProbeFinished(outcome=done, rig=RIG, findings=())
    assert model_after(*started).waiting_for == ("TORCH", "CPU")
    model = model_after(*started, finished)
    assert model.waiting_for == ("TORCH",)
    assert [group.text for group in model.groups()] == ["…", "AMD Athlon X4 760K · 4 cores"]


def test_a_group_has_its_worst_verdict_and_counts_causes_apart_from_consequences() -> None:
    groups = groups_of(FINDINGS)
    assert (groups["torch"].verdict, groups["torch"].text) == (Verdict.FAIL, "1 fail, 1 follows")
    assert (groups["cpu"].verdict, groups["cpu"].text) == (Verdict.WARN, "1 warn")


def test_a_group_that_is_fine_says_what_it_is() -> None:
    memory = groups_of(FINDINGS)["memory"]
    assert memory.verdict is Verdict.PASS
    assert memory.text.startswith("20.0 GiB")


def test_a_group_that_nothing_judges_has_no_verdict() -> None:
    host = groups_of(FINDINGS)["host"]
    assert host.verdict is None
    assert "Ubuntu" in host.text


def test_a_group_whose_probe_failed_is_unknown_and_says_why() -> None:
    failed = ProbeOutcome(part="cpu", duration_s=5.0, error="no answer within 5 s")
    model = model_after(
        ProbeStarted(part="cpu", title="CPU"),
        ProbeFinished(outcome=failed, rig=Rig(), findings=()),
    )
    group = model.groups()[0]
    assert (group.verdict, group.text) == (Verdict.UNKNOWN, "no answer within 5 s")


def test_findings_of_no_part_get_a_group_of_their_own() -> None:
    stray = msgspec.structs.replace(NO_CODE, group="benchmark")
    group = groups_of((*FINDINGS, stray))["benchmark"]
    assert (group.title, group.facts, group.verdict) == ("benchmark", None, Verdict.FAIL)


def test_the_cause_leads_and_has_the_remedy() -> None:
    model = model_after(*check_events())
    assert model.cause == NO_CODE
    remedy = model.remedy_for("torch")
    assert remedy is not None
    assert remedy.commands == (INSTALL,)


def test_a_part_without_a_remedy_of_its_own_offers_the_cause_s() -> None:
    model = model_after(*check_events())
    assert model.remedy_for("host") == NO_CODE.remedy
    own = Remedy(text="Buy another CPU")
    warned = msgspec.structs.replace(FINDINGS[2], remedy=own)
    assert model_after(*check_events(findings=(NO_CODE, warned))).remedy_for("cpu") == own


def test_a_remedy_is_not_offered_for_what_passed() -> None:
    passed = msgspec.structs.replace(NO_CODE, verdict=Verdict.PASS)
    assert model_after(*check_events(findings=(passed,))).remedy_for("torch") is None


def test_the_clock_runs_until_the_check_is_through() -> None:
    times = iter((10.0, 11.5))
    assert CheckModel(clock=lambda: next(times)).duration_s == 1.5
    assert model_after(*check_events()).duration_s == 2.5
