"""The judge: grounds, failures, causes and order."""

from collections.abc import Iterator

import msgspec
import pytest

from rigcheck.facts import Cpu, Failed, Rig
from rigcheck.findings import Verdict, root_cause
from rigcheck.rules.judge import judge
from rigcheck.rules.registry import RULES
from rigcheck.rules.rule import Judgement, Rule, rule
from tests.rules.rigs import (
    ALL_PARTS,
    K10_FLAGS,
    cpu_laptop,
    driver,
    found,
    gpu,
    gtx_960,
    no_torch,
    not_there,
    nvml,
    rtx_4090,
    torch,
    v100,
)


def made(
    id_: str, verdict: Verdict, *, follows: tuple[str, ...] = (), needs: tuple[str, ...] = ("host",)
) -> Rule:
    """A rule that always says the same."""

    @rule(id_, group="host", needs=needs, follows=follows, link="https://example.org")
    def always(_: Rig) -> Iterator[Judgement]:
        """Says the same of every rig."""
        yield Judgement(verdict=verdict, headline=id_)

    return always


@rule("breaks-down", group="host", needs=("host",), link="https://example.org")
def breaks_down(_: Rig) -> Iterator[Judgement]:
    """Fails in the middle of its work."""
    yield Judgement(verdict=Verdict.PASS, headline="so far so good")
    raise ZeroDivisionError("division by zero")


def test_a_rule_waits_for_its_grounds() -> None:
    rules = (made("a", Verdict.PASS, needs=("cpu", "host")),)
    assert judge(rtx_4090(), frozenset({"host"}), rules) == ()
    assert len(judge(rtx_4090(), frozenset({"host", "cpu", "nvml"}), rules)) == 1


def test_a_rule_that_fails_is_an_unknown_finding_and_the_others_go_on() -> None:
    findings = judge(rtx_4090(), ALL_PARTS, (breaks_down, made("a", Verdict.FAIL)))
    assert [f.id for f in findings] == ["a", "breaks-down", "breaks-down"]
    broken = findings[1]
    assert broken.verdict is Verdict.UNKNOWN
    assert broken.evidence[0].text == "ZeroDivisionError: division by zero"
    assert broken.remedy is not None


def test_the_worst_is_first_and_equals_keep_their_order() -> None:
    verdicts = ("pass", "skip", "warn", "unknown", "fail")
    rules = tuple(made(f"{n}-{v}", Verdict(v)) for n in "ab" for v in verdicts)
    assert [f.id for f in judge(rtx_4090(), ALL_PARTS, rules)] == [
        "a-fail",
        "b-fail",
        "a-warn",
        "b-warn",
        "a-unknown",
        "b-unknown",
        "a-pass",
        "b-pass",
        "a-skip",
        "b-skip",
    ]


def test_a_consequence_stands_behind_its_cause() -> None:
    rules = (made("b", Verdict.FAIL, follows=("a",)), made("a", Verdict.FAIL))
    findings = judge(rtx_4090(), ALL_PARTS, rules)
    assert [(f.id, f.caused_by) for f in findings] == [("a", None), ("b", "a")]
    assert root_cause(findings) == findings[0]


def test_of_a_chain_the_direct_cause_is_told() -> None:
    rules = (
        made("a", Verdict.FAIL),
        made("b", Verdict.WARN, follows=("a",)),
        made("c", Verdict.FAIL, follows=("a", "b")),
    )
    causes = {f.id: f.caused_by for f in judge(rtx_4090(), ALL_PARTS, rules)}
    assert causes == {"a": None, "b": "a", "c": "b"}


def test_of_two_causes_apart_the_first_named_is_told() -> None:
    rules = (
        made("a", Verdict.FAIL),
        made("b", Verdict.FAIL),
        made("c", Verdict.FAIL, follows=("b", "a")),
    )
    causes = {f.id: f.caused_by for f in judge(rtx_4090(), ALL_PARTS, rules)}
    assert causes["c"] == "b"


@pytest.mark.parametrize("verdict", ["pass", "skip", "unknown"])
def test_what_is_not_wrong_causes_nothing_and_has_no_cause(verdict: str) -> None:
    harmless = (made("a", Verdict(verdict)), made("b", Verdict.FAIL, follows=("a",)))
    assert {f.caused_by for f in judge(rtx_4090(), ALL_PARTS, harmless)} == {None}
    harmless = (made("a", Verdict.FAIL), made("b", Verdict(verdict), follows=("a",)))
    assert {f.caused_by for f in judge(rtx_4090(), ALL_PARTS, harmless)} == {None}


def test_what_nobody_asked_for_is_not_reported_as_unknown() -> None:
    findings = judge(Rig(torch=torch()), ALL_PARTS)
    assert {f.group for f in findings if f.verdict is Verdict.UNKNOWN} <= {"torch"}
    assert "torch-missing" in {f.id for f in findings}


def test_an_empty_rig_gives_no_finding_that_is_wrong() -> None:
    findings = judge(Rig(), ALL_PARTS)
    assert {f.verdict for f in findings} <= {Verdict.SKIP, Verdict.PASS}


def test_a_rig_of_which_everything_failed_gives_no_finding_that_is_wrong() -> None:
    failed = Failed("no answer within 10 s", "probe")
    parts = {
        field.name: type(getattr(Rig(), field.name))(
            **{
                fact.name: failed
                for fact in msgspec.structs.fields(type(getattr(Rig(), field.name)))
            }
        )
        for field in msgspec.structs.fields(Rig)
    }
    findings = judge(Rig(**parts), ALL_PARTS)
    assert {f.verdict for f in findings} <= {Verdict.UNKNOWN, Verdict.SKIP}
    assert not [f for f in findings if "could not be judged" in f.headline]


RIGS = {
    "healthy RTX 4090": rtx_4090(),
    "GTX 960 under the wrong wheel": gtx_960(torch=torch()),
    "V100 on driver 470": v100(),
    "laptop": cpu_laptop(),
    "no torch": rtx_4090(torch=no_torch()),
    "Phenom": rtx_4090(cpu=Cpu(flags=found(K10_FLAGS))),
    "module not built": rtx_4090(
        driver=driver(module_version=not_there()), nvml=nvml(gpu(), version="580.95.05")
    ),
}


@pytest.mark.parametrize("rig", RIGS.values(), ids=RIGS)
def test_every_finding_is_well_formed(rig: Rig) -> None:
    findings = judge(rig, ALL_PARTS)
    assert {f.id for f in findings} == {r.id for r in RULES}
    for finding in findings:
        assert "\n" not in finding.headline
        assert not finding.headline.endswith(".")
        assert finding.link
        assert all(e.text and e.source for e in finding.evidence)
        if finding.verdict in (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN):
            assert finding.evidence
            assert finding.remedy is not None
            assert finding.remedy.text
            assert "  " not in finding.remedy.text


@pytest.mark.parametrize("rig", RIGS.values(), ids=RIGS)
def test_judging_is_pure(rig: Rig) -> None:
    assert judge(rig, ALL_PARTS) == judge(rig, ALL_PARTS)
