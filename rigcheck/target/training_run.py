"""What the training task does before its first order."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Optional

import torch

from rigcheck.target.mnist import Mnist
from rigcheck.target.mnist_download import download_mnist
from rigcheck.target.session import Session
from rigcheck.target.threads import chosen_threads
from rigcheck.target.training import enter
from rigcheck.target.training_data import TrainingData, to_device
from rigcheck.target.wire import Wire
from rigcheck.target.wish import Wish


def open_session(wire: Wire, wish: Wish, read: Callable[[], Optional[Mnist]]) -> Session:
    """Runs every stage between the import and the first step.

    Args:
        wire: what is sent on it is described in `rigcheck.bench.wire_events`.
        wish: what is asked for.
        read: returns MNIST, or None for the built-in digits.

    Raises:
        TaskError: if the data is no good.
    """
    threads, reason = (wish.threads, "asked for") if wish.threads else chosen_threads()
    torch.set_num_threads(threads)
    wire.send(
        "imported",
        torch_version=str(torch.__version__),
        threads=torch.get_num_threads(),
        threads_reason=reason,
    )
    enter(wire, "device")
    device = _open(wish.device)
    if wish.download and wish.data_dir is not None:
        enter(wire, "download")
        download_mnist(Path(wish.data_dir))
    enter(wire, "data")
    data = to_device(read(), device)
    wire.send("data", **_description(data))
    return Session(wire, wish, device, data)


def _open(name: str) -> torch.device:
    """Makes the device compute at once, so that what is wrong with it shows here."""
    device = torch.device(name)
    torch.ones(1, device=device).add_(1).tolist()
    return device


def _description(data: TrainingData) -> dict[str, object]:
    return {
        "kind": data.kind,
        "train_images": len(data.train.labels),
        "test_images": data.test_images,
    }
