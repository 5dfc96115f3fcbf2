"""Facts that only one of two runs could read: they tell nothing of what changed on the machine."""

from collections.abc import Iterator

from rigcheck.compare.changes import is_told, shortened
from rigcheck.compare.comparison import Unread
from rigcheck.compare.pairing import Paired, paired_facts
from rigcheck.facts import Failed, Rig
from rigcheck.report.rows import fact_text


def unread_facts(before: Rig, after: Rig) -> tuple[Unread, ...]:
    """Those that failed in one of two rigs and are told in the other, the important ones first."""
    return tuple(unread for pair in paired_facts(before, after) for unread in _unread(pair))


def _unread(pair: Paired) -> Iterator[Unread]:
    if isinstance(pair.before, Failed) and is_told(pair.after):
        yield _of(pair, pair.before, was_unread_before=True)
    elif isinstance(pair.after, Failed) and is_told(pair.before):
        yield _of(pair, pair.after, was_unread_before=False)


def _of(pair: Paired, failed: Failed, *, was_unread_before: bool) -> Unread:
    return Unread(
        field=pair.field,
        subject=pair.subject,
        what=pair.what,
        was_unread_before=was_unread_before,
        error=shortened(fact_text(pair.field, failed)),
    )
