"""A stage in which something is compiled; a compiler's error in the lines that tell its cause."""

from typing import Callable, List

from rigcheck.target.facts_wire import error_text
from rigcheck.target.stages import Stages

_CAUSES = ("error", "cannot", "could not", "no such file", "failed", "not found", "not supported")
_MOST_LINES = 12
_BEGINNING, _END = 100, 200
"""Characters kept of a longer line: where it is about, and what is wrong there."""


def attempt_compiled(stages: Stages, name: str, device: str, work: Callable[[], str]) -> bool:
    """As `Stages.attempt`, which would keep a command of a thousand words with its error."""

    def tried() -> str:
        try:
            return work()
        except Exception as error:  # noqa: BLE001 -- the compiler's own words are the fact
            return told_error(error)

    return stages.attempt(name, device, tried)


def told_error(error: BaseException) -> str:
    """The first line, and of the others those that tell a cause."""
    first, *others = _lines(error)
    causes = [line for line in others if any(word in line.lower() for word in _CAUSES)]
    told = dict.fromkeys([first, *causes])  # compilers repeat themselves
    return "\n".join([_shortened(line) for line in told][:_MOST_LINES])


def _shortened(line: str) -> str:
    if len(line) <= _BEGINNING + _END:
        return line
    return "{} … {}".format(line[:_BEGINNING], line[-_END:])


def _lines(error: BaseException) -> List[str]:
    lines = [line.strip() for line in error_text(error).splitlines()]
    return [line for line in lines if line] or [type(error).__name__]
