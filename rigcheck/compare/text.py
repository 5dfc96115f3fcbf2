"""A comparison as text: the likely cause first, then speeds, changes, and all devices."""

from collections.abc import Iterator, Sequence

from rigcheck.compare.comparison import (
    Change,
    Comparison,
    Difference,
    Importance,
    Pair,
    Side,
    SpeedChange,
    Table,
    TableRow,
)
from rigcheck.report.bench_text import interval_text
from rigcheck.report.history_text import minute_text
from rigcheck.report.layout import Style, labelled, safe
from rigcheck.units import rate_text

_BAR_WIDTH = 24
_MAX_OTHERS = 20
_MAX_UNREAD = 3
"""Names of facts in a line, where one error hid several."""
_MACHINES = {True: ", the same machine", False: ", another machine", None: ""}
_REAL = (Difference.SLOWER, Difference.FASTER)


def comparison_text(comparison: Comparison, style: Style) -> str:
    """The whole of it, lines ended."""
    return "\n".join([*_lines(comparison, style), ""])


def change_text(change: Change) -> str:
    """`torch version  2.4.0 → 2.5.1`; it may hold foreign text."""
    subject = f"{change.subject}: " if change.subject else ""
    part = change.field.partition(".")[0]
    room = "" if change.subject or part == "bench" else f"{part} "
    return f"{subject}{room}{change.what}  {change.before} → {change.after}"


def _lines(comparison: Comparison, style: Style) -> Iterator[str]:
    for side in comparison.sides:
        yield safe(_side_text(side), style)
    for pair in comparison.pairs:
        yield ""
        yield from _pair_lines(pair, style)
    for table in comparison.tables:
        yield ""
        yield from _table_lines(table, style)
    if comparison.notes:
        yield ""
    for note in comparison.notes:
        yield safe(f"note: {note}", style)


def _side_text(side: Side) -> str:
    pieces = [
        f"{side.letter}  {side.run}  {minute_text(side.created_at)}  {side.hostname}".rstrip(),
        side.system,
        f"driver {side.driver}" if side.driver else "",
        f"torch {side.torch}" if side.torch else "",
    ]
    return " · ".join(piece for piece in pieces if piece)


def _pair_lines(pair: Pair, style: Style) -> Iterator[str]:
    yield f"{pair.before} to {pair.after}{_MACHINES[pair.is_same_machine]}"
    for words in pair.gone:
        yield from labelled("gone", words, style)
    for speed in pair.speeds:
        if speed.difference in _REAL:
            yield from _cause_lines(speed, style)
    for speed in pair.speeds:
        if speed.difference is not Difference.NOT_TOLD:
            yield safe(f"  {_speed_text(speed)}", style)
    yield from _change_lines(pair, style)
    yield from _unread_lines(pair, style)


def _cause_lines(speed: SpeedChange, style: Style) -> Iterator[str]:
    form = f" ({speed.tier.value})"
    yield safe(f"  {speed.sentence}{form}", style)
    for cause in speed.causes:
        for evidence in cause.evidence:
            yield from labelled("seen", evidence.text, style)


def _speed_text(speed: SpeedChange) -> str:
    if speed.before is None or speed.after is None:
        raise ValueError("what compares has two rates")
    rates = f"{rate_text(speed.before.images_per_s)} → {interval_text(speed.after)}"
    times = f"{speed.ratio:.3g}× ({speed.low:.3g}–{speed.high:.3g})"
    return f"{speed.label} {speed.tier.value}  {rates}  {times}  {speed.difference.value}"


def _change_lines(pair: Pair, style: Style) -> Iterator[str]:
    if not pair.changes:
        nothing = "nothing else" if pair.speeds or pair.gone else "nothing"
        yield f"  {nothing} differs in what both runs tell of the machine"
        return
    yield "  what changed"
    key = [change for change in pair.changes if change.importance is Importance.KEY]
    others = [change for change in pair.changes if change.importance is Importance.OTHER]
    for change in (*key, *others[:_MAX_OTHERS]):
        yield safe(f"    {change_text(change)}", style)
    if len(others) > _MAX_OTHERS:
        yield f"    and {len(others) - _MAX_OTHERS} lesser ones: --json tells all"


def _unread_lines(pair: Pair, style: Style) -> Iterator[str]:
    """One line for all that one error hid: a probe that failed as a whole hides dozens of facts."""
    for was_before, letter in ((True, pair.before), (False, pair.after)):
        hidden: dict[tuple[str, str], list[str]] = {}
        for unread in pair.unread:
            if unread.was_unread_before is was_before:
                where = f"{unread.subject}:" if unread.subject else unread.field.partition(".")[0]
                hidden.setdefault((where, unread.error), []).append(unread.what)
        if hidden:
            yield f"  could not be read in {letter}"
        for (where, error), names in hidden.items():
            yield safe(f"    {where} {_some(names)}: {error}", style)


def _some(names: Sequence[str]) -> str:
    """`version, threads, BLAS and 7 more`."""
    more = len(names) - _MAX_UNREAD
    told = ", ".join(names[:_MAX_UNREAD])
    return f"{told} and {more} more" if more > 0 else told


def _table_lines(table: Table, style: Style) -> Iterator[str]:
    yield safe(f"LeNet {table.tier.value} on {table.data} · batch {table.batch_size}", style)
    names = [f"{row.side} {row.label}  {row.name}" for row in table.rows]
    texts = [safe(_row_text(row), style) for row in table.rows]
    name_width, text_width = max(map(len, names)), max(map(len, texts))
    fastest = table.rows[0].rate.images_per_s
    for name, text, row in zip(names, texts, table.rows, strict=True):
        bar = _bar(row.rate.images_per_s / fastest, style)
        yield f"  {safe(name, style):<{name_width}}  {text:<{text_width}}  {bar}"


def _row_text(row: TableRow) -> str:
    pieces = [interval_text(row.rate), f"{row.times_slowest:.3g}×"]
    if row.images_per_j is not None:
        pieces.append(f"{row.images_per_j:.3g} images/J")
    if row.images_per_s_per_price is not None:
        pieces.append(f"{row.images_per_s_per_price:.3g} images/s by price")
    return " · ".join(pieces)


def _bar(share: float, style: Style) -> str:
    return ("█" if style.symbols else "#") * max(1, round(share * _BAR_WIDTH))
