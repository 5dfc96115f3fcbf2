import pytest

from rigcheck.bench.result import DeviceRun
from rigcheck.compare.devices import is_same_machine, joined
from rigcheck.facts import Host, Nvml
from rigcheck.report.report import Report
from tests.report.kept import UUID_0, UUID_1, on_host, report, rig, trained

BUS_ID = "0000:01:00.0"


def pairs(before: Report, after: Report) -> list[tuple[str, str]]:
    return [(old.label, new.label) for old, new in joined(before, after)]


def gpu(label: str, identity: str, name: str = "NVIDIA GeForce RTX 4090") -> DeviceRun:
    return trained(label, identity=identity, name=name)


def test_cards_that_changed_their_numbers_are_joined_by_identity() -> None:
    before = report(gpu("GPU 0", UUID_0), gpu("GPU 1", UUID_1))
    after = report(gpu("GPU 0", UUID_1), gpu("GPU 1", UUID_0))
    assert pairs(before, after) == [("GPU 0", "GPU 1"), ("GPU 1", "GPU 0")]


def test_another_card_of_the_same_model_and_number_is_another_card() -> None:
    assert pairs(report(gpu("GPU 0", UUID_0)), report(gpu("GPU 0", UUID_1))) == []


def test_a_bus_id_counts_on_one_machine_and_for_one_model_only() -> None:
    # An old driver: it tells no UUIDs.
    here, there = (rig(host=on_host(name).host, nvml=Nvml()) for name in ("a", "b"))
    old = report(gpu("GPU 0", BUS_ID), facts=here)
    assert pairs(old, report(gpu("GPU 0", BUS_ID), facts=here)) == [("GPU 0", "GPU 0")]
    assert pairs(old, report(gpu("GPU 0", BUS_ID), facts=there)) == []
    swapped = report(gpu("GPU 0", BUS_ID, "NVIDIA GeForce GTX 960"), facts=here)
    assert pairs(old, swapped) == []


@pytest.mark.parametrize("hidden", ["", "[UUID 1]", "GPU-1"])
def test_where_identities_were_removed_a_single_card_of_a_model_is_the_same(hidden: str) -> None:
    shared = report(gpu("GPU 0", hidden))
    assert pairs(report(gpu("GPU 0", UUID_0)), shared) == [("GPU 0", "GPU 0")]


def test_of_two_cards_without_identities_nobody_knows_which_is_which() -> None:
    shared = report(gpu("GPU 0", "[UUID 1]"), gpu("GPU 1", "[UUID 2]"))
    assert pairs(report(gpu("GPU 0", UUID_0)), shared) == []


def test_processors_are_joined_by_their_model() -> None:
    here, there = report(trained("CPU")), report(trained("CPU"), facts=on_host("other"))
    assert pairs(here, there) == [("CPU", "CPU")]
    assert pairs(here, report(trained("CPU", name="AMD Athlon X4 860K"))) == []


def test_a_check_has_no_devices_to_join() -> None:
    assert pairs(report(), report(trained("CPU"))) == []


def test_a_machine_is_known_by_a_card_else_by_its_names() -> None:
    assert is_same_machine(rig(), rig())
    assert is_same_machine(on_host("a"), rig())  # renamed: the card is the same
    bare = rig(nvml=Nvml())
    assert is_same_machine(bare, bare)
    assert is_same_machine(bare, rig(nvml=bare.nvml, host=on_host("b").host)) is False


def test_a_report_without_names_does_not_tell_which_machine_it_is_of() -> None:
    nameless = rig(nvml=Nvml(), host=on_host("<host>").host)
    assert is_same_machine(nameless, nameless) is None
    assert is_same_machine(rig(), rig(nvml=Nvml(), host=Host())) is None
