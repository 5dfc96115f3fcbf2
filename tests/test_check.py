"""The order of events, with small probes of the test's own."""

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from rigcheck.check import CheckFinished, ProbeFinished, ProbeStarted, check
from rigcheck.facts import Cpu, Failed, Found, Host, Memory, Part, Rig, value_of
from rigcheck.probes.probe import Probe, ProbeContext
from rigcheck.probes.registry import PROBES

CONTEXT = ProbeContext(python="/usr/bin/python3", data_dir=Path("/nowhere"))


def probe(part: str, run: Callable[[ProbeContext], Part], time_limit_s: float = 30.0) -> Probe:
    return Probe(part=part, title=part.title(), time_limit_s=time_limit_s, run=run)


def host(_: ProbeContext) -> Host:
    return Host(system=Found("Linux", "uname"))


def finished(probes: tuple[Probe, ...], parts: frozenset[str] | None = None) -> CheckFinished:
    last = list(check(CONTEXT, probes=probes, parts=parts))[-1]
    assert isinstance(last, CheckFinished)
    return last


def test_every_probe_is_announced_before_any_has_answered() -> None:
    events = list(check(CONTEXT, probes=(probe("host", host), probe("cpu", lambda _: Cpu()))))
    kinds = [type(event) for event in events]
    assert kinds == [ProbeStarted, ProbeStarted, ProbeFinished, ProbeFinished, CheckFinished]


def test_an_answer_does_not_wait_for_a_slower_probe() -> None:
    release = threading.Event()

    def slow(_: ProbeContext) -> Cpu:
        release.wait(30)
        return Cpu(model=Found("slow", "test"))

    parts = []
    for event in check(CONTEXT, probes=(probe("cpu", slow), probe("host", host))):
        if isinstance(event, ProbeFinished):
            parts.append(event.outcome.part)
            assert value_of(event.rig.host.system) == "Linux"
            release.set()
    assert parts == ["host", "cpu"]


def test_a_probe_that_raises_is_its_own_failure_and_the_others_stay() -> None:
    def broken(_: ProbeContext) -> Memory:
        raise ZeroDivisionError("no memory at all")

    last = finished((probe("memory", broken), probe("host", host)))
    assert value_of(last.rig.host.system) == "Linux"
    assert isinstance(last.rig.memory.total_bytes, Failed)
    assert "no memory at all" in last.rig.memory.total_bytes.error
    assert {o.part: bool(o.error) for o in last.probes} == {"memory": True, "host": False}


def test_a_probe_past_its_limit_is_given_up_with_that_reason() -> None:
    release = threading.Event()

    def stuck(_: ProbeContext) -> Cpu:
        release.wait(60)
        return Cpu()

    last = finished((probe("cpu", stuck, time_limit_s=0.2), probe("host", host)))
    release.set()
    assert isinstance(last.rig.cpu.model, Failed)
    assert "no answer within 0.2 s" in last.rig.cpu.model.error
    assert value_of(last.rig.host.system) == "Linux"


def test_only_the_chosen_parts_are_probed() -> None:
    last = finished((probe("host", host), probe("cpu", lambda _: Cpu())), frozenset({"host"}))
    assert [outcome.part for outcome in last.probes] == ["host"]


def test_probes_that_need_the_same_share_one_answer_and_the_next_check_asks_again() -> None:
    asked = []

    def ask() -> str:
        asked.append("asked")
        return "Linux"

    def run(context: ProbeContext) -> Host:
        return Host(system=Found(context.shared.once("system", ask), "test"))

    def run_too(context: ProbeContext) -> Cpu:
        return Cpu(model=Found(context.shared.once("system", ask), "test"))

    last = finished((probe("host", run), probe("cpu", run_too)))
    assert (value_of(last.rig.host.system), value_of(last.rig.cpu.model)) == ("Linux", "Linux")
    assert len(asked) == 1
    finished((probe("host", run),))
    assert len(asked) == 2


def test_every_probe_of_the_list_fills_its_own_part() -> None:
    # Each is loaded by name when it runs.
    last = finished(PROBES)
    wanted = [p for p in PROBES if p.part not in ("compile", "vram")]  # tested on demand only
    assert {o.part: o.error for o in last.probes} == {p.part: "" for p in wanted}
    assert {p.part for p in PROBES} == set(Rig.__struct_fields__) - {"symptoms"}


def turn_taker(part: str, run: Callable[[ProbeContext], Part]) -> Probe:
    return msgspec.structs.replace(probe(part, run), takes_turns=True)


def test_probes_that_take_turns_are_never_at_work_together() -> None:
    at_work: list[str] = []
    together: list[tuple[str, ...]] = []

    def busy(part: Part) -> Callable[[ProbeContext], Part]:
        def run(_: ProbeContext) -> Part:
            at_work.append(type(part).__name__)
            threading.Event().wait(0.05)  # gives the others their chance
            together.append(tuple(at_work))
            at_work.pop()
            return part

        return run

    parts: dict[str, Part] = {"cpu": Cpu(), "host": Host(), "memory": Memory()}
    last = finished(tuple(turn_taker(name, busy(part)) for name, part in parts.items()))
    assert {o.part for o in last.probes} == set(parts)
    assert sorted(map(len, together)) == [1, 1, 1]


def test_one_that_never_gives_its_turn_back_does_not_stop_the_others() -> None:
    release = threading.Event()

    def stuck(_: ProbeContext) -> Cpu:
        release.wait(60)
        return Cpu()

    first = msgspec.structs.replace(turn_taker("cpu", stuck), time_limit_s=31.0)
    for event in check(CONTEXT, probes=(first, turn_taker("host", host))):
        if isinstance(event, ProbeFinished) and event.outcome.part == "host":
            assert value_of(event.rig.host.system) == "Linux"
            assert not release.is_set()
            release.set()
    assert release.is_set()


def test_where_nobody_looks_before_the_end_the_findings_are_the_same() -> None:
    probes = (probe("host", host), probe("memory", lambda _: Memory()))
    (*_, once), (*_, often) = (
        list(check(CONTEXT, probes=probes, judges_often=is_often)) for is_often in (False, True)
    )
    assert isinstance(once, CheckFinished)
    assert isinstance(often, CheckFinished)
    assert once.findings == often.findings != ()
