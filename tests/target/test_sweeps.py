"""The rate by batch size and by threads, measured on small sets."""

from collections.abc import Iterator

import pytest
import torch

from rigcheck.target import sweeps
from rigcheck.target.sweeps import is_out_of_memory, sweep_batches, sweep_threads
from rigcheck.target.training_data import Set

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def some_data(images: int) -> Set:
    generator = torch.Generator().manual_seed(5)
    return Set(
        torch.rand(images, 1, 28, 28, generator=generator),
        torch.randint(0, 10, (images,), generator=generator),
    )


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_WARM_UP_S", "_BATCH_S", "_THREADS_S"):
        monkeypatch.setattr(sweeps, name, 0.01)


@pytest.mark.usefixtures("short")
def test_batches_go_as_far_as_the_data_does() -> None:
    points = list(sweep_batches(some_data(600), CPU, 0))
    assert [point.value for point in points] == [100, 256, 512]
    assert all(0 < point.images_per_s <= point.best_images_per_s for point in points)


@pytest.mark.usefixtures("short")
def test_threads_go_to_those_in_use_and_are_put_back() -> None:
    points = list(sweep_threads(some_data(300), CPU, 0, most=3))
    assert [point.value for point in points] == [1, 2, 3]
    assert torch.get_num_threads() == 1


@pytest.mark.usefixtures("short")
def test_a_batch_that_finds_no_memory_ends_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> object:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(sweeps, "_course", full)
    assert list(sweep_batches(some_data(600), CPU, 0)) == []


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), True),
        (MemoryError(), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
    ],
)
def test_out_of_memory_has_several_words(error: BaseException, *, is_memory: bool) -> None:
    assert is_out_of_memory(error) is is_memory
