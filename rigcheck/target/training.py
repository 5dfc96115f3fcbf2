"""Task: trains LeNet on one device, a turn at a time, as it is ordered to."""

from __future__ import annotations

import importlib
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, Optional

from rigcheck.target.big_import import big_import
from rigcheck.target.mnist import Mnist, read_mnist
from rigcheck.target.task_error import TaskError
from rigcheck.target.wire import Wire
from rigcheck.target.wish import Wish


def run(wire: Wire, arguments: Dict[str, Any]) -> None:
    """Does what `Wish` says, then what it is ordered to, until it is ordered to end.

    Sends the events that `rigcheck.bench.wire_events` describes.
    """
    wish = Wish(**arguments)
    read = _reader(wish)
    enter(wire, "import torch")
    with big_import():
        _hide_broken_numpy()
        from rigcheck.target.training_run import open_session

    try:
        session = open_session(wire, wish, read)
        wire.send("ready")
        while (order := wire.next_order())["what"] != "end":
            session.obey(order)
            wire.send("ready")
    except TaskError as error:
        wire.send("failed", message=str(error), hint=error.hint)


def enter(wire: Wire, stage: str) -> None:
    """Announces a stage: to the supervisor, which keeps it for itself, and to whoever watches."""
    wire.stage(stage)
    wire.send("entered", stage=stage)


def _hide_broken_numpy() -> None:
    """Makes a NumPy that is there but cannot be imported look like none.

    torch does without NumPy, and so does the training; but a broken one takes torch's import down.
    """
    try:
        importlib.import_module("numpy")
    except ModuleNotFoundError:
        return
    except Exception:  # noqa: BLE001 -- whatever a broken package raises
        sys.modules["numpy"] = None  # type: ignore[assignment]


def _reader(wish: Wish) -> Callable[[], Optional[Mnist]]:
    """What returns the data or raises TaskError: it is read while torch is being imported."""
    if wish.data_dir is None:
        return lambda: None
    directory = Path(wish.data_dir)
    if wish.download:
        return lambda: read_mnist(directory)
    return ThreadPoolExecutor(max_workers=1).submit(read_mnist, directory).result
