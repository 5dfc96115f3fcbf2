from typing import Any

import msgspec
import pytest

from rigcheck.compare.comparison import Unread
from rigcheck.compare.unread import unread_facts
from rigcheck.facts import NOT_ASKED, Absent, Cpu, Failed, Memory, Nvml, Reason, Rig, Torch
from tests.compare.test_changes import cards
from tests.report.kept import UUID_0
from tests.rules.rigs import found, not_there

TIMED_OUT = Failed("timed out after 60 s", "child")


def one(before: Rig, after: Rig) -> Unread:
    (unread,) = unread_facts(before, after)
    return unread


@pytest.mark.parametrize("known", [found("2.15.0"), not_there()])
def test_a_fact_that_only_one_of_two_runs_could_read_is_told_with_which(known: Any) -> None:
    rigs = Rig(torch=Torch(version=TIMED_OUT)), Rig(torch=Torch(version=known))
    told = one(*rigs)
    assert told == Unread(
        field="torch.version",
        subject="",
        what="version",
        was_unread_before=True,
        error="timed out after 60 s",
    )
    assert one(*reversed(rigs)) == msgspec.structs.replace(told, was_unread_before=False)


@pytest.mark.parametrize(
    "other", [TIMED_OUT, Failed("another error", "x"), NOT_ASKED, Absent(Reason.NO_PERMISSION, "x")]
)
def test_what_neither_run_could_tell_is_left_out(other: Any) -> None:
    for pair in ((TIMED_OUT, other), (other, TIMED_OUT)):
        assert unread_facts(*(Rig(torch=Torch(version=fact)) for fact in pair)) == ()


def test_what_both_could_read_is_none_of_it() -> None:
    governors = (Rig(cpu=Cpu(governor=found(name))) for name in ("performance", "powersave"))
    assert unread_facts(*governors) == ()


def test_what_moves_by_itself_is_left_out() -> None:
    known, failed = Memory(available_bytes=found(1 << 30)), Memory(available_bytes=TIMED_OUT)
    assert unread_facts(Rig(memory=known), Rig(memory=failed)) == ()


def test_a_list_that_could_not_be_read_is_told_once() -> None:
    told = one(Rig(nvml=cards((0, UUID_0, {}))), Rig(nvml=Nvml(gpus=TIMED_OUT)))
    assert (told.field, told.what, told.was_unread_before) == ("nvml.gpus", "GPUs", False)


def test_a_fact_of_one_card_names_the_card() -> None:
    broken = cards((0, UUID_0, {"vbios_version": Failed("Unknown Error", "NVML")}))
    told = one(Rig(nvml=cards((0, UUID_0, {}))), Rig(nvml=broken))
    assert (told.subject, told.what, told.error) == ("GPU 0", "VBIOS version", "Unknown Error")


def test_the_important_ones_come_first() -> None:
    torch = Torch(blas=TIMED_OUT, version=TIMED_OUT, cpu_capability=TIMED_OUT)
    known = Torch(blas=found("mkl"), version=found("2.15.0"), cpu_capability=found("AVX2"))
    told = [unread.what for unread in unread_facts(Rig(torch=known), Rig(torch=torch))]
    assert told == ["version", "CPU capability", "BLAS"]


def test_an_error_is_made_safe_and_short() -> None:
    bad = Torch(version=Failed("\x1b[31m" + "x" * 500, "child"))
    error = one(Rig(torch=Torch(version=found("2.15.0"))), Rig(torch=bad)).error
    assert "\x1b" not in error
    assert len(error) <= 120
