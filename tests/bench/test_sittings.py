"""Who trains side by side, by the memory that is left."""

from rigcheck.bench.plan import BenchDevice
from rigcheck.bench.sittings import lack, sittings, split
from tests.bench.runs import CPU

GPU = BenchDevice(device="cuda:0", label="GPU 0", name="a GPU", identity="GPU-0")
GIB = 1024**3


def test_devices_train_side_by_side_where_memory_allows() -> None:
    assert split((CPU, GPU), 16 * GIB) == ((CPU, GPU),)


def test_they_train_one_after_the_other_where_it_does_not() -> None:
    assert split((CPU, GPU), 3 * GIB) == ((CPU,), (GPU,))


def test_a_device_alone_is_never_split() -> None:
    assert split((CPU,), 0) == ((CPU,),)
    assert sittings((CPU,)) == ((CPU,),)


def test_one_more_finds_room_where_its_worker_fits_beside_those_that_are_there() -> None:
    assert lack(2 * GIB) == ""
    assert lack(2 * GIB - 1)
    assert lack(1 * GIB) == "its worker takes 2.0 GiB of main memory, and 1.0 GiB are free"
