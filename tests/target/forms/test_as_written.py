"""The form with a loader: its worker processes come and go as they should."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
import warnings

import psutil
import pytest
import torch

from rigcheck.target.forms.as_written import AsWritten
from rigcheck.target.forms.image_loader import why_no_images
from rigcheck.target.forms.workers import WORKERS
from rigcheck.target.lenet import make_lenet
from rigcheck.target.task_error import TaskError
from tests.target.forms.reference import CPU, batches_of, some_data


def make(n: int = 200) -> AsWritten:
    return AsWritten(make_lenet(0, CPU), some_data(n))


def workers() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def test_the_workers_give_the_images_asked_for_in_their_order() -> None:
    data = some_data(200)
    batches = batches_of(data, 30, 10)
    with AsWritten(make_lenet(0, CPU), data).feed(batches) as fed:
        for batch, (images, labels) in zip(batches, fed, strict=True):
            assert torch.equal(images, data.images[batch])
            assert torch.equal(labels, data.labels[batch])


def test_four_workers_make_them_and_none_is_left() -> None:
    form = make()
    with form.feed(batches_of(some_data(200), 10, 20)) as fed:
        form.step(next(fed))
        assert len(workers()) == WORKERS == 4
        for batch in fed:
            form.step(batch)
    assert workers() == []


def test_none_is_left_when_the_feed_is_left_early() -> None:
    form = make()
    with form.feed(batches_of(some_data(200), 10, 20)) as fed:
        form.step(next(fed))
    assert workers() == []


def test_none_is_left_when_the_training_fails() -> None:
    def fail() -> None:
        with make().feed(batches_of(some_data(200), 10, 20)) as fed:
            next(fed)
            raise ValueError("of the training")

    with pytest.raises(ValueError, match="of the training"):
        fail()
    assert workers() == []


@pytest.mark.parametrize("name", ["SIGKILL", "SIGBUS"])
def test_a_worker_that_is_killed_is_told_of_in_words(name: str) -> None:
    """SIGBUS is what a worker gets where the container's /dev/shm is full."""

    def lose_one() -> None:
        form = make()
        with form.feed(batches_of(some_data(200), 10, 2000)) as fed:
            form.step(next(fed))
            os.kill(workers()[0].pid, getattr(signal, name))
            for batch in fed:
                form.step(batch)

    with pytest.raises(TaskError, match=r"a loader process failed: (DataLoader worker|it ended)"):
        lose_one()
    assert workers() == []


def test_a_worker_that_is_killed_between_two_batches_is_told_of_in_words() -> None:
    def lose_one() -> None:
        with make().feed(batches_of(some_data(200), 10, 2000)) as fed:
            next(fed)
            os.kill(workers()[0].pid, signal.SIGKILL)
            time.sleep(10)

    with pytest.raises(TaskError, match=r"DataLoader worker .* killed by signal: Killed"):
        lose_one()
    assert workers() == []


def test_what_a_worker_raises_is_told_of_in_words() -> None:
    with (
        pytest.raises(TaskError, match="a loader process failed: IndexError: index 1000"),
        make().feed([torch.tensor([1_000])]) as fed,
    ):
        next(fed)
    assert workers() == []


def test_an_error_that_is_not_a_workers_stays_what_it_is() -> None:
    with (
        pytest.raises(RuntimeError, match="out of memory"),
        make().feed([torch.tensor([1])]),
    ):
        raise RuntimeError("out of memory")


def test_nothing_is_printed_and_no_warning_reaches_the_user(
    capfd: pytest.CaptureFixture[str],
) -> None:
    form = make()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with form.feed(batches_of(some_data(200), 10, 10)) as fed:
            for batch in fed:
                form.step(batch)
    assert caught == []
    assert capfd.readouterr() == ("", "")


def test_workers_die_with_a_parent_that_is_killed() -> None:
    script = """
        import os, signal, torch
        from tests.target.forms.test_as_written import make, workers
        with make().feed([torch.arange(10)] * 2000) as fed:
            next(fed)
            print(*[worker.pid for worker in workers()], flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
    """
    child = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    pids = [int(pid) for pid in child.stdout.split()]
    assert len(pids) == WORKERS
    deadline_s = time.monotonic() + 4  # before the 5 s after which torch's own watch would see it
    while any(map(runs, pids)) and time.monotonic() < deadline_s:
        time.sleep(0.02)
    assert not any(map(runs, pids))


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("PIL", "no images through torchvision and PIL: .*PIL"),
        ("torchvision.transforms", "no images through torchvision and PIL: .*torchvision"),
    ],
)
def test_a_missing_package_is_named_before_anything_is_started(
    monkeypatch: pytest.MonkeyPatch, missing: str, words: str
) -> None:
    assert why_no_images() == ""
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(TaskError, match=words):
        make()


def test_a_torchvision_of_another_torch_is_named_with_its_own_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken:
        def __getattr__(self, name: str) -> object:
            raise RuntimeError("operator torchvision::nms does not exist")

    monkeypatch.setitem(sys.modules, "torchvision.transforms", Broken())
    assert "broken: operator torchvision::nms does not exist" in why_no_images()


def test_no_room_for_the_workers_locks_is_told_of_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As multiprocessing says it where /dev/shm is missing or may not be written to."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(multiprocessing.get_context("fork"), "Lock", refuse)
    with pytest.raises(TaskError, match="loader processes did not start"):  # noqa: SIM117
        with make().feed([torch.arange(3)]):
            pass
