import sys
from pathlib import Path

from rigcheck.check import check
from rigcheck.check_events import CheckFinished, ProbeFinished, ProbeStarted
from rigcheck.facts import Cpu, Found, Memory
from rigcheck.probes.probe import Probe, ProbeContext
from rigcheck.recheck import recheck

CONTEXT = ProbeContext(python=sys.executable, data_dir=Path())
GIB = 1 << 30


class Counted:
    def __init__(self) -> None:
        self.n_cpu = self.n_memory = 0

    def cpu(self, _context: ProbeContext) -> Cpu:
        self.n_cpu += 1
        return Cpu(model=Found(f"CPU {self.n_cpu}", "test"))

    def memory(self, _context: ProbeContext) -> Memory:
        self.n_memory += 1
        if self.n_memory > 1:
            raise OSError("the file has gone")
        return Memory(total_bytes=Found(GIB, "test"))

    @property
    def probes(self) -> tuple[Probe, ...]:
        return (
            Probe(part="cpu", title="CPU", time_limit_s=60.0, run=self.cpu),
            Probe(part="memory", title="Memory", time_limit_s=60.0, run=self.memory),
        )


def checked(counted: Counted) -> CheckFinished:
    *_, last = check(CONTEXT, probes=counted.probes)
    assert isinstance(last, CheckFinished)
    return last


def test_one_part_is_asked_again_and_the_others_stay() -> None:
    counted = Counted()
    events = list(recheck(CONTEXT, "cpu", checked(counted), counted.probes))
    assert [type(event) for event in events] == [ProbeStarted, ProbeFinished, CheckFinished]
    last = events[-1]
    assert isinstance(last, CheckFinished)
    assert last.rig.cpu.model == Found("CPU 2", "test")
    assert last.rig.memory.total_bytes == Found(GIB, "test")
    assert (counted.n_cpu, counted.n_memory) == (2, 1)
    assert sorted(outcome.part for outcome in last.probes) == ["cpu", "memory"]


def test_the_findings_are_those_of_the_whole_machine() -> None:
    counted = Counted()
    before = checked(counted)
    *_, last = recheck(CONTEXT, "cpu", before, counted.probes)
    assert isinstance(last, CheckFinished)
    assert {f.group for f in last.findings} == {f.group for f in before.findings}


def test_a_probe_that_fails_this_time_is_told_as_failed() -> None:
    counted = Counted()
    *_, last = recheck(CONTEXT, "memory", checked(counted), counted.probes)
    assert isinstance(last, CheckFinished)
    errors = {outcome.part: outcome.error for outcome in last.probes}
    assert errors == {"cpu": "", "memory": "OSError: the file has gone"}
