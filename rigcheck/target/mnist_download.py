"""Fetches MNIST through torchvision, which checks its MD5 sums."""

from __future__ import annotations

import socket
from pathlib import Path

from rigcheck.target.mnist import FILES, find_files
from rigcheck.target.task_error import TaskError

_NETWORK_TIMEOUT_S = 30.0


def download_mnist(directory: Path) -> None:
    """Fetches the files into `directory`/MNIST/raw, unless all of them are there already.

    Raises:
        TaskError: if torchvision cannot be imported, the network fails or nothing can be written.
    """
    if len(find_files(directory)) == len(FILES):
        return
    try:
        from torchvision.datasets import MNIST
    except Exception as error:  # a torchvision made for another torch raises anything
        raise TaskError(
            "MNIST cannot be downloaded: torchvision cannot be imported: {}".format(_words(error)),
            "mend torchvision (`rigcheck check` says how), put the four files into {} by hand, "
            "or train on the built-in digits".format(directory),
        ) from error
    before_s = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_NETWORK_TIMEOUT_S)  # torchvision sets none, and would wait for ever
    try:
        MNIST(str(directory), download=True)
    except Exception as error:  # whatever torchvision and the network raise
        raise TaskError(
            "MNIST cannot be downloaded into {}: {}".format(directory, _words(error)),
            "try again, put the four files there by hand, or train on the built-in digits",
        ) from error
    finally:
        socket.setdefaulttimeout(before_s)


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
