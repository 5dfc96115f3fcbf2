"""Batches as scripts have them made: by worker processes, one image after the other, through PIL.

Beside torch this needs NumPy, Pillow and torchvision, each of which may be missing or broken.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import warnings
from contextlib import contextmanager
from typing import Any, Callable, Iterator, List, Tuple

import torch
from torch.utils.data import DataLoader, Dataset

from rigcheck.target.forms.workers import WORKERS
from rigcheck.target.task_error import TaskError
from rigcheck.target.training_data import Set

BATCHES_AHEAD = 2
"""How many each worker makes before they are asked for; torch's default."""
_PR_SET_PDEATHSIG = 1
_MORE_SHARED_MEMORY = "give the container more of it, as docker run --shm-size=1g does"
_OF_A_WORKER = "DataLoader worker"
"""In torch's every error that tells of a worker."""


class _Images(Dataset):  # type: ignore[misc]  # torch is not analysed
    """Single images as torchvision.datasets.MNIST gives them, with ToTensor as the transform."""

    def __init__(self, data: Set, to_tensor: Callable[[torch.Tensor], torch.Tensor]) -> None:
        self._grey = (data.images * 255).round().to(torch.uint8).cpu().squeeze(1)
        self._labels = data.labels.cpu()
        self._to_tensor = to_tensor

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> Tuple[torch.Tensor, int]:
        return self._to_tensor(self._grey[index]), int(self._labels[index])


class ImageLoader:
    """Makes batches of a data set in worker processes."""

    def __init__(self, data: Set) -> None:
        """Raises TaskError if what it takes cannot be used."""
        why_not = why_no_images()
        if why_not:
            raise TaskError(why_not)
        self._images = _Images(data, _converter())
        # By fork, as scripts on Linux start them: one that is spawned must import torch anew, and
        # cannot find this module.
        can_fork = "fork" in multiprocessing.get_all_start_methods()
        self._processes = multiprocessing.get_context("fork" if can_fork else None)

    @contextmanager
    def batches(self, indices: List[List[int]]) -> Iterator[Iterator[Any]]:
        """Pairs of images (B, 1, 28, 28) and labels (B,), on the CPU; no worker outlives it.

        Raises:
            TaskError: if the workers do not start, or one of them fails or is killed.
        """
        iterator = self._start(indices)
        try:
            yield _told_in_words(iterator)
        except RuntimeError as error:
            # Torch's signal handler raises this wherever the program happens to be.
            if _OF_A_WORKER not in str(error):
                raise
            raise _worker_failed(error) from error
        finally:
            _end(iterator)

    def _start(self, indices: List[List[int]]) -> Any:
        try:
            # It takes the like of this; where there is no room for it, torch's unfinished iterator
            # would complain on stderr, too.
            self._processes.Lock()
            with warnings.catch_warnings():
                # That 4 are more than this machine's cores, and that threads are about: both are
                # so in the scripts, too.
                warnings.simplefilter("ignore")
                return iter(self._loader(indices))
        except OSError as error:  # no right, no memory or no /dev/shm for processes and their locks
            raise TaskError(
                "the {} loader processes did not start: {}".format(WORKERS, error)
            ) from error

    def _loader(self, indices: List[List[int]]) -> DataLoader:
        return DataLoader(
            self._images,
            batch_sampler=indices,
            num_workers=WORKERS,
            prefetch_factor=BATCHES_AHEAD,
            worker_init_fn=_DieWith(os.getpid()),
            multiprocessing_context=self._processes,
        )


def why_no_images() -> str:
    """Why images cannot be made this way, in words; empty if they can.

    What it imports is what making them needs, so that asking costs nothing where it works.
    """
    try:
        made = _converter()(torch.zeros(28, 28, dtype=torch.uint8))
    except ImportError as error:
        return "no images through torchvision and PIL: {}".format(_reason(error))
    except Exception as error:  # noqa: BLE001 -- whatever a broken package raises
        return "torchvision, PIL or NumPy is broken: {}".format(_reason(error))
    return "" if tuple(made.shape) == (1, 28, 28) else "torchvision made no image of an image"


def _converter() -> Callable[[torch.Tensor], torch.Tensor]:
    """What makes an image of (28, 28) uint8 and a (1, 28, 28) float32 tensor of the image."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a part that reads files and is not needed
        from PIL import Image
        from torchvision.transforms import ToTensor
    to_tensor = ToTensor()

    def convert(grey: torch.Tensor) -> torch.Tensor:
        made: torch.Tensor = to_tensor(Image.fromarray(grey.numpy()))
        return made

    return convert


class _DieWith:
    """Run in a new worker: has the kernel kill it together with its parent."""

    def __init__(self, parent: int) -> None:
        self._parent = parent

    def __call__(self, _worker: int) -> None:
        if sys.platform != "linux":
            return
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != self._parent:  # which died before the kernel was told
            os.kill(os.getpid(), signal.SIGKILL)


def _told_in_words(iterator: Iterator[Any]) -> Iterator[Any]:
    """The same batches. What fails in a worker, and what its end does to a connection, is told."""
    try:
        yield from iterator
    except Exception as error:
        raise _worker_failed(error) from error


def _end(iterator: Any) -> None:
    """Ends the workers now: whoever stepped through the iterator may hold it for long."""
    try:
        iterator._shutdown_workers()  # noqa: SLF001 -- torch has no public way
    except RuntimeError as error:
        # One died before, and its signal is seen only now; they are ended nonetheless.
        if _OF_A_WORKER not in str(error):
            raise


def _worker_failed(error: Exception) -> TaskError:
    reason = _reason(error)
    return TaskError(
        "a loader process failed: {}".format(reason),
        hint=_MORE_SHARED_MEMORY if "shared memory" in reason else "",
    )


def _reason(error: BaseException) -> str:
    """An error in one line: of what a worker raised, the last one, behind its own traceback."""
    if isinstance(error, (ConnectionError, FileNotFoundError, EOFError)):  # of its socket
        return "it ended while it handed over a batch"
    lines = [line.strip() for line in str(error).split("\n") if line.strip()]
    if not lines:
        return type(error).__name__
    return lines[-1] if lines[0].startswith("Caught ") else lines[0]
