"""What differs between the facts of two rigs, in words, the important ones first."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from rigcheck.compare.comparison import Change, Importance
from rigcheck.compare.pairing import Paired, lists_things, paired_facts
from rigcheck.compare.weight import KEY, TOLERANCE
from rigcheck.facts import Absent, Failed, Found, Reason, Rig
from rigcheck.report.rows import fact_text, value_text

_ABSENT = "not there"
_KNOWN_LACKS = (Reason.NOT_THERE, Reason.NOT_APPLICABLE, Reason.GPU_LOST)
"""Of the other reasons none says anything of the machine."""
_MAX_TEXT = 120
_LEAST_SIZE = 1024**2
"""Numbers below are counts, of which each one tells."""


def fact_changes(before: Rig, after: Rig) -> tuple[Change, ...]:
    """Every fact that both rigs tell and that differs, without what moves by itself."""
    changes = (
        change
        for pair in paired_facts(before, after)
        for change in (_thing_changes(pair) if pair.is_thing else _changes(pair))
    )
    return tuple(_without_echoes(changes))


def change_of(field: str, subject: str, what: str, before: str, after: str) -> Change:
    """One difference, weighed by its field."""
    importance = Importance.KEY if _is_key(field) else Importance.OTHER
    return Change(
        importance=importance,
        field=field,
        subject=subject,
        what=what,
        before=shortened(before),
        after=shortened(after),
    )


def is_told(fact: Any) -> bool:
    """True where a run knows the value, or that there is none."""
    if isinstance(fact, Absent):
        return fact.reason in _KNOWN_LACKS
    return not isinstance(fact, Failed)


def shortened(text: str) -> str:
    """A text that may be a whole traceback, for a line of its own."""
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"


def _changes(pair: Paired) -> Iterator[Change]:
    before, after = _text(pair.field, pair.before), _text(pair.field, pair.after)
    if before is None or after is None or before == after or _is_close(pair.before, pair.after):
        return
    yield change_of(pair.field, pair.subject, pair.what, before, after)


def _thing_changes(pair: Paired) -> Iterator[Change]:
    before, after = _thing_text(pair.before), _thing_text(pair.after)
    yield change_of(pair.field, pair.subject, pair.what.removesuffix("s"), before, after)


def _thing_text(thing: Any) -> str:
    """Its name or version, whichever says more of it than that it is there."""
    if thing is None:
        return _ABSENT
    for field in ("name", "version", "text"):
        fact = getattr(thing, field, None)
        if isinstance(fact, Found):
            return str(fact.value)
        if isinstance(fact, str) and field != "name":
            return fact
    return "there"


def _text(field: str, fact: Any) -> str | None:
    """In words; None where nothing is known of it, or only as a list of things."""
    name = field.rpartition(".")[2]
    if not is_told(fact):
        return None
    if isinstance(fact, Absent):
        return fact.reason.value
    if isinstance(fact, Found):
        return None if lists_things(fact.value) else fact_text(name, fact)
    return value_text(name, fact)


def _is_close(before: Any, after: Any) -> bool:
    """Sizes that differ by what another kernel keeps for itself."""
    if not isinstance(before, Found) or not isinstance(after, Found):
        return False
    numbers = before.value, after.value
    if not all(isinstance(n, int) and n >= _LEAST_SIZE for n in numbers):
        return False
    return math.isclose(*numbers, rel_tol=TOLERANCE)


def _without_echoes(changes: Iterable[Change]) -> Iterator[Change]:
    """One update shows in several files: the first of its fields is told."""
    seen = set[tuple[str, str]]()
    for change in changes:
        key = (change.before, change.after)
        is_version = change.before[:1].isdigit() and "." in change.before
        if not is_version or key not in seen:
            yield change
        seen.add(key)


def _is_key(field: str) -> bool:
    return field in KEY or field.startswith("bench.")
