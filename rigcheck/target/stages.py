"""The stages of a task: each is announced before it is entered and kept with how it went."""

from __future__ import annotations

import time

from rigcheck.target.big_import import big_import
from rigcheck.target.facts_wire import FactSender, error_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from rigcheck.target.wire import Wire


class Stages:
    """Sends the fact `stages`, a list of `rigcheck.facts.Stage` that grows with each.

    Of the one in which the process dies the parent knows, since it was announced.
    """

    def __init__(self, wire: Wire, facts: FactSender) -> None:
        self._wire = wire
        self._facts = facts
        self._done: list[dict[str, Any]] = []

    def enter(self, name: str, device: str = "") -> Entered:
        """A stage whose exception ends the task."""
        started_s = self._announce(name, device)
        return Entered(lambda: self._keep(name, device, started_s, ""))

    def importing(self, package: str) -> Importing:
        """The stage in which a framework is imported; its exception ends the task."""
        return Importing(self.enter("import " + package))

    def attempt(self, name: str, device: str, work: Callable[[], str]) -> bool:
        """A stage that may fail; whether it went well.

        Args:
            name: as people call it.
            device: where it runs, as the framework names it; "" for none.
            work: does it and returns what is wrong with the result, "" if it is right.
        """
        started_s = self._announce(name, device)
        try:
            error = work()
        except Exception as problem:  # noqa: BLE001 -- the framework's own words are the fact
            error = error_text(problem)
        self._keep(name, device, started_s, error)
        return not error

    def _announce(self, name: str, device: str) -> float:
        self._wire.stage(name, device)
        return time.monotonic()

    def _keep(self, name: str, device: str, started_s: float, error: str) -> None:
        duration_s = time.monotonic() - started_s
        self._done.append(
            {"name": name, "device": device, "duration_s": duration_s, "error": error}
        )
        self._facts.found("stages", self._done, "rigcheck's own small computations")


class Entered:
    """Between entering and leaving a stage; not by contextlib, for see `rigcheck.target`."""

    def __init__(self, keep: Callable[[], None]) -> None:
        self._keep = keep

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._keep()


class Importing:
    """Between entering and leaving the stage of an import."""

    def __init__(self, stage: Entered) -> None:
        self._stage = stage
        self._import = big_import()

    def __enter__(self) -> None:
        self._import.__enter__()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._import.__exit__()
        self._stage.__exit__(kind)


def wrong(value: float, wanted: float) -> str:
    """What is wrong with a result: "" where it is what it must be."""
    return "" if value == wanted else "the result is {:g} and not {:g}".format(value, wanted)
