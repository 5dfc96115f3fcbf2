from typing import Any

import msgspec
import pytest

from rigcheck.compare.changes import fact_changes
from rigcheck.compare.comparison import Change, Importance
from rigcheck.compare.weight import KEY, NOISE
from rigcheck.facts import (
    NOT_ASKED,
    Absent,
    Cpu,
    Distribution,
    Failed,
    Host,
    KernelLog,
    Memory,
    Nvml,
    Part,
    Reason,
    Rig,
    Torch,
    Xid,
)
from tests.report.kept import UUID_0, UUID_1, rig
from tests.rules.health_rigs import full_4090
from tests.rules.rigs import GIB, driver, found, host, not_there, nvml, python, torch


def changed(part: str, before: Part, after: Part) -> list[tuple[str, str, str]]:
    """Each as field, before and after."""
    bare = Rig()
    rigs = (msgspec.structs.replace(bare, **{part: facts}) for facts in (before, after))
    told = fact_changes(*rigs)
    return [(c.field, c.before, c.after) for c in told]


def cards(*gpus: tuple[int, str, dict[str, Any]]) -> Nvml:
    told = tuple(
        msgspec.structs.replace(full_4090(index), uuid=found(uuid), **facts)
        for index, uuid, facts in gpus
    )
    return nvml(*told)


def test_one_rig_does_not_differ_from_itself() -> None:
    assert fact_changes(rig(), rig()) == ()


def test_a_driver_update_is_one_change_in_however_many_files() -> None:
    before = rig(driver=driver("570.86.10"), nvml=Nvml(driver_version=found("570.86.10")))
    after = rig(driver=driver("580.95.05"), nvml=Nvml(driver_version=found("580.95.05")))
    versions = [c for c in fact_changes(before, after) if c.before.startswith("570")]
    assert versions == [
        Change(
            importance=Importance.KEY,
            field="nvml.driver_version",
            subject="",
            what="driver version",
            before="570.86.10",
            after="580.95.05",
        )
    ]


def test_what_matters_comes_first() -> None:
    before = Rig(host=host(glibc_version=found("2.38")), torch=torch("2.14.1+cu126"))
    after = Rig(host=host(kernel_release=found("6.17.0")), torch=torch("2.15.0+cu132"))
    told = fact_changes(before, after)
    assert [c.field for c in told] == ["torch.version", "host.kernel_release", "host.glibc_version"]
    assert [c.importance for c in told] == [Importance.KEY, Importance.KEY, Importance.OTHER]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"memory_used_bytes": 1}, {"memory_used_bytes": 2 * GIB}),
        ({"temperature_c": 30.0}, {"temperature_c": 81.0}),
        ({"power_w": 20.0}, {"power_w": 400.0}),
        ({"pcie_generation_now": 1}, {"pcie_generation_now": 4}),
        ({"clocks_event_reasons": ("idle",)}, {"clocks_event_reasons": ()}),
    ],
)
def test_what_moves_by_itself_is_no_change(before: dict[str, Any], after: dict[str, Any]) -> None:
    facts = [{name: found(value) for name, value in each.items()} for each in (before, after)]
    assert changed("nvml", *(cards((0, UUID_0, each)) for each in facts)) == []


def test_free_memory_and_a_rounding_of_the_size_are_no_change() -> None:
    before = Memory(total_bytes=found(32 * GIB), available_bytes=found(9 * GIB))
    after = Memory(total_bytes=found(32 * GIB - 200 * 1024**2), available_bytes=found(GIB))
    assert changed("memory", before, after) == []
    halved = Memory(total_bytes=found(16 * GIB))
    assert changed("memory", before, halved) == [("memory.total_bytes", "32.0 GiB", "16.0 GiB")]


def test_a_count_is_never_close() -> None:
    told = changed("cpu", Cpu(threads=found(128)), Cpu(threads=found(127)))
    assert told == [("cpu.threads", "128", "127")]


def test_a_card_keeps_its_facts_when_its_number_changes() -> None:
    limit = {"power_limit_enforced_w": found(300.0)}
    before = cards((0, UUID_0, {}), (1, UUID_1, {}))
    after = cards((0, UUID_1, {}), (1, UUID_0, limit))
    (change,) = fact_changes(Rig(nvml=before), Rig(nvml=after))
    assert (change.subject, change.before, change.after) == ("GPU 1", "450 W", "300 W")


def test_in_a_redacted_report_a_card_is_known_by_its_slot() -> None:
    shared = cards((0, "GPU-1", {"power_limit_enforced_w": found(300.0)}))
    (change,) = fact_changes(Rig(nvml=cards((0, UUID_0, {}))), Rig(nvml=shared))
    assert (change.subject, change.before, change.after) == ("GPU 0", "450 W", "300 W")


def test_a_card_that_went_is_told_by_its_name() -> None:
    told = fact_changes(
        Rig(nvml=cards((0, UUID_0, {}), (1, UUID_1, {}))), Rig(nvml=cards((0, UUID_0, {})))
    )
    assert [(c.field, c.subject, c.before, c.after) for c in told] == [
        ("nvml.gpus", "GPU 1", "NVIDIA GeForce RTX 4090", "not there")
    ]


def test_a_package_that_came_and_one_that_changed() -> None:
    before = python(distributions=found((Distribution(name="numpy", version="1.26.4"),)))
    after = python(
        distributions=found(
            (
                Distribution(name="numpy", version="2.4.6"),
                Distribution(name="pillow", version="13.0.0"),
            )
        )
    )
    assert changed("python", before, after) == [
        ("python.distributions", "not there", "13.0.0"),
        ("python.distributions.version", "1.26.4", "2.4.6"),
    ]


def test_a_new_xid_is_told_and_its_count_is_not() -> None:
    xid = Xid(code=79, pci_bus_id="0000:01:00.0", count=1, first_s=5.0, text="NVRM: Xid 79")
    again = msgspec.structs.replace(xid, count=7, first_s=900.0)
    one = KernelLog(xids=found((xid,)))
    assert changed("kernel_log", one, KernelLog(xids=found((again,)))) == []
    (change,) = changed("kernel_log", KernelLog(xids=found(())), one)
    assert change == ("kernel_log.xids", "not there", "NVRM: Xid 79")


def test_what_one_run_did_not_ask_or_could_not_read_is_no_change() -> None:
    known = Cpu(governor=found("performance"), quota_cpus=not_there())
    for lack in (NOT_ASKED, Absent(Reason.NO_PERMISSION, "x"), Absent(Reason.NOT_SUPPORTED, "x")):
        assert changed("cpu", known, Cpu(governor=lack, quota_cpus=lack)) == []
    assert changed("cpu", known, Cpu(quota_cpus=found(2.0))) == [
        ("cpu.quota_cpus", "not there", "2 CPUs")
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (found("2.15.0"), Failed("Segmentation fault", "x")),
        (Failed("timed out after 60 s", "x"), found("2.15.0")),
        (Failed("timed out after 60 s", "x"), not_there()),
        (Failed("timed out after 60 s", "x"), Failed("Segmentation fault", "x")),
    ],
)
def test_what_could_not_be_read_in_one_of_the_two_is_no_change(before: Any, after: Any) -> None:
    assert changed("torch", Torch(version=before), Torch(version=after)) == []


def test_foreign_text_is_made_safe_and_short() -> None:
    bad = Host(distribution=found("\x1b[31m" + "x" * 500))
    (change,) = changed("host", host(), bad)
    assert "\x1b" not in change[2]
    assert len(change[2]) <= 120


def test_every_field_that_is_weighed_is_one() -> None:
    """A fact that is renamed must be renamed here too."""
    names = {
        f"{part}.{field}"
        for part in Rig.__struct_fields__
        for field in type(getattr(Rig(), part)).__struct_fields__
    }
    for path in (*KEY, *NOISE):
        assert ".".join(path.split(".")[:2]) in names, path
