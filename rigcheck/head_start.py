"""Processes of a check that start before it has loaded what it asks them with.

An interpreter takes as long to start as the types of facts to load: the one need not wait for the
other. Whoever asks launches through `HeadStart.launch`, and gets the process that is already
running where there is one.
"""

import contextlib
import json
import sys
from collections.abc import Mapping
from typing import Any

from rigcheck.launching import TaskProcess
from rigcheck.probes import tasks


class HeadStart:
    """Use as a context manager: leaving it ends the processes that nobody came for."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str, str], TaskProcess] = {}

    def __enter__(self) -> "HeadStart":
        return self

    def __exit__(self, *_: object) -> None:
        while self._waiting:
            _, process = self._waiting.popitem()
            process.kill()
            process.close()

    def give(self, python: str, task: str, arguments: Mapping[str, Any]) -> None:
        """Starts it now. Who asks for it later meets the error, if it cannot be started."""
        with contextlib.suppress(OSError):
            process = TaskProcess(python, task, arguments)
            self._waiting[_key(python, task, arguments)] = process

    def give_to_check(self, python: str, nvml_library: str | None) -> None:
        """Starts what every check asks: first what may take longest."""
        self.give(python, tasks.TORCH, {})
        self.give(python, tasks.PYTHON, {})
        self.give(sys.executable, tasks.NVML, tasks.nvml_arguments(nvml_library))

    def launch(
        self,
        python: str,
        task: str,
        arguments: Mapping[str, Any],
        environment: Mapping[str, str] | None = None,
    ) -> TaskProcess:
        """The process that waits for whoever asks for this; else one that is started now.

        Raises:
            OSError: if the interpreter cannot be started.
        """
        if environment is None:
            waiting = self._waiting.pop(_key(python, task, arguments), None)
            if waiting is not None:
                return waiting
        return TaskProcess(python, task, arguments, environment)


def _key(python: str, task: str, arguments: Mapping[str, Any]) -> tuple[str, str, str]:
    return python, task, json.dumps(arguments)
