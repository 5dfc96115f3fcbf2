"""Devices of several machines in one table: speed, and what it costs in power and money."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from rigcheck.bench.result import DeviceRun
from rigcheck.bench.tier import Tier
from rigcheck.compare.comparison import Side, Table, TableRow
from rigcheck.compare.speeds import data_text
from rigcheck.errors import UsageError
from rigcheck.report.head import form_rates
from rigcheck.report.report import Report

_Key = tuple[Tier, str, int]


def make_tables(
    sides: Sequence[tuple[Side, Report]], prices: Mapping[str, float]
) -> tuple[Table, ...]:
    """A table for each form, data and batch; what is in two tables does not compare.

    Args:
        sides: the runs.
        prices: by a part of a device's name.

    Raises:
        UsageError: for a price that names no device, or models that differ.
    """
    by_key: dict[_Key, list[TableRow]] = {}
    priced = _priced([(side, run) for side, report in sides for run in _runs(report)], prices)
    for side, report in sides:
        for run in _runs(report):
            for key, row in _rows(side, run, priced.get((side.letter, run.device))):
                by_key.setdefault(key, []).append(row)
    order = list(Tier)
    return tuple(
        _table(key, by_key[key]) for key in sorted(by_key, key=lambda k: (order.index(k[0]), k[1:]))
    )


def table_notes(tables: Sequence[Table]) -> tuple[str, ...]:
    """Why there is more than one table of a form."""
    notes = []
    for tier in Tier:
        kinds = [f"{t.data} at batch {t.batch_size}" for t in tables if t.tier is tier]
        if len(kinds) > 1:
            notes.append(f"{tier.value}: {' and '.join(kinds)} do not compare")
    return tuple(notes)


def _runs(report: Report) -> Sequence[DeviceRun]:
    return report.bench.devices if report.bench is not None else ()


def _rows(side: Side, run: DeviceRun, price: float | None) -> Iterator[tuple[_Key, TableRow]]:
    if run.data is None:
        return
    for form in form_rates(run):
        # The energy was measured in memory: in another form it is another.
        energy = run.energy if form.tier is Tier.IN_MEMORY else None
        yield (
            (form.tier, data_text(run.data), run.batch_size),
            TableRow(
                side=side.letter,
                label=run.label,
                name=run.name,
                threads=run.threads if run.device == "cpu" else None,
                rate=form.rate,
                times_slowest=1.0,
                images_per_j=energy.images_per_j if energy else None,
                price=price,
                images_per_s_per_price=form.rate.images_per_s / price if price else None,
            ),
        )


def _table(key: _Key, rows: Sequence[TableRow]) -> Table:
    tier, data, batch_size = key
    slowest = min(row.rate.images_per_s for row in rows)
    told = [
        msgspec.structs.replace(row, times_slowest=row.rate.images_per_s / slowest)
        for row in sorted(rows, key=lambda row: -row.rate.images_per_s)
    ]
    return Table(tier=tier, data=data, batch_size=batch_size, rows=tuple(told))


def _priced(
    devices: Sequence[tuple[Side, DeviceRun]], prices: Mapping[str, float]
) -> dict[tuple[str, str], float]:
    """The price of each device, by its side's letter and its own name of torch's."""
    priced = {}
    for word, price in prices.items():
        named = [(side, run) for side, run in devices if _is_named(word, side, run)]
        models = sorted({run.name for _, run in named})
        if len(models) != 1:
            names = ", ".join(models or sorted({run.name for _, run in devices}))
            raise UsageError(
                f"--price {word} names {'several devices' if models else 'no device'}",
                hint=f"there is {names}",
            )
        priced.update({(side.letter, run.device): price for side, run in named})
    return priced


def _is_named(word: str, side: Side, run: DeviceRun) -> bool:
    return word.casefold() in f"{side.letter} {run.label} {run.name}".casefold()
