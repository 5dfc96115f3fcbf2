import pytest

from rigcheck.bench.conclusions import Energy, EnergySource
from rigcheck.bench.result import DeviceRun
from rigcheck.compare.compare import compare
from rigcheck.compare.comparison import Comparison, Table
from rigcheck.errors import UsageError
from tests.report.kept import DIGITS, on_host, rate, report, trained

ENERGY = Energy(
    images_per_j=120.0,
    energy_j=1000.0,
    duration_s=10.0,
    images=120_000,
    mean_power_w=100.0,
    active_share=1.0,
    source=EnergySource.GPU_COUNTER,
)
ATHLON = trained("CPU", rate(2_000), name="AMD Athlon X4 860K", threads=4)
I7 = trained("CPU", rate(5_000), name="Intel Core i7-2600K", threads=4)
GTX_960 = trained("GPU 0", rate(12_000), name="NVIDIA GeForce GTX 960", energy=ENERGY)


def of_2017(*prices: tuple[str, float]) -> Comparison:
    """The post's three devices, on two machines."""
    first = report(ATHLON, GTX_960, facts=on_host("athlon"))
    return compare([("a", first), ("b", report(I7, facts=on_host("i7")))], dict(prices))


def only(comparison: Comparison) -> Table:
    (table,) = comparison.tables
    return table


def test_three_devices_of_two_machines_in_one_table_the_fastest_first() -> None:
    rows = only(of_2017()).rows
    assert [(row.side, row.label, row.times_slowest) for row in rows] == [
        ("A", "GPU 0", 6.0),
        ("B", "CPU", 2.5),
        ("A", "CPU", 1.0),
    ]
    assert [row.images_per_j for row in rows] == [120.0, None, None]
    assert [row.threads for row in rows] == [None, 4, 4]
    assert {row.images_per_s_per_price for row in rows} == {None}


def test_prices_are_given_by_a_part_of_the_name() -> None:
    rows = only(of_2017(("gtx 960", 250.0), ("Athlon", 80.0))).rows
    assert [row.images_per_s_per_price for row in rows] == [48.0, None, 25.0]


@pytest.mark.parametrize(
    ("word", "why"), [("RTX 5090", "no device"), ("CPU", "several"), ("a", "several")]
)
def test_a_price_of_no_device_or_of_several_models_is_refused(word: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as caught:
        of_2017((word, 100.0))
    assert "AMD Athlon X4 860K" in caught.value.hint


def test_a_side_and_a_label_name_one_of_two() -> None:
    rows = only(of_2017(("B CPU", 300.0))).rows
    assert [row.price for row in rows] == [None, 300.0, None]


def on_digits(run: DeviceRun) -> DeviceRun:
    return trained(run.label, run.rate, name=run.name, data=DIGITS)


def test_digits_and_mnist_never_share_a_table_and_that_is_said() -> None:
    told = compare([("a", report(ATHLON)), ("b", report(on_digits(I7)))])
    assert [table.data for table in told.tables] == ["MNIST", "built-in digits"]
    assert told.notes == (
        "in-memory: MNIST at batch 100 and built-in digits at batch 100 do not compare",
    )


def test_another_batch_has_a_table_of_its_own() -> None:
    large = trained("CPU", name=I7.name, batch_size=1000)
    told = compare([("a", report(ATHLON)), ("b", report(large))])
    assert [table.batch_size for table in told.tables] == [100, 1000]
