"""What held the clocks of a GPU back, and its errors, each with its time; knows no Textual."""

import itertools
from collections.abc import Iterator

from rigcheck.monitor.sample import GpuSample, Sample
from rigcheck.tui.plot.mark_rows import Mark

_REST = "idle"
_SILENCE = "no answer"
_TOUCHING_S = 0.01
_LIMIT = 128
"""Of one word; then the nearest two become one."""
_MAX_WORDS = 256
"""Of all GPUs: a card that is breaking may make numbers up."""
_GRAVEST_FIRST = (
    "Xid",
    _SILENCE,
    "power brake",
    "hardware thermal slowdown",
    "hardware slowdown",
    "reliability limit",
    "software thermal slowdown",
    "board limit",
)
HARMLESS = "power cap"
"""Normal under load."""


class Marks:
    """The marks of all GPUs of a run, bounded in number."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, str], list[Mark]] = {}

    def take(self, sample: Sample, before_s: float) -> None:
        """What a sample tells holds for the time since the one before; an error is of a moment."""
        for gpu in sample.gpus:
            for word in _words(gpu):
                self._add(gpu.gpu, Mark(before_s, sample.time_s, word))
        for event in sample.xids or ():
            self._add(event.gpu, Mark(event.time_s, event.time_s, f"Xid {event.xid}"))

    def of(self, identity: str) -> tuple[Mark, ...]:
        """Of this GPU, and the errors of which the driver does not say whose; gravest first."""
        told = [
            mark
            for (gpu, _), marks in self._marks.items()
            if gpu in (identity, "")
            for mark in marks
        ]
        return tuple(sorted(told, key=lambda mark: (_rank(mark.text), mark.start_s)))

    def _add(self, gpu: str, mark: Mark) -> None:
        if len(self._marks) >= _MAX_WORDS and (gpu, mark.text) not in self._marks:
            return
        marks = self._marks.setdefault((gpu, mark.text), [])
        if marks and mark.start_s - marks[-1].end_s <= _TOUCHING_S:
            marks[-1] = Mark(marks[-1].start_s, mark.end_s, mark.text)
            return
        marks.append(mark)
        if len(marks) > _LIMIT:
            _join_nearest(marks)


def _words(gpu: GpuSample) -> Iterator[str]:
    if gpu == GpuSample(gpu=gpu.gpu):
        yield _SILENCE
    yield from (word for word in gpu.clocks_event_reasons or () if word != _REST)


def _rank(text: str) -> int:
    if text == HARMLESS:
        return len(_GRAVEST_FIRST) + 1
    ranks = (i for i, word in enumerate(_GRAVEST_FIRST) if text.startswith(word))
    return next(ranks, len(_GRAVEST_FIRST))


def _join_nearest(marks: list[Mark]) -> None:
    gaps_s = [after.start_s - before.end_s for before, after in itertools.pairwise(marks)]
    at = gaps_s.index(min(gaps_s))
    marks[at : at + 2] = [Mark(marks[at].start_s, marks[at + 1].end_s, marks[at].text)]
