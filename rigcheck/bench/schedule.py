"""Who trains when: devices and forms take turns, so that what is compared lies side by side.

A machine's speed moves by a tenth and more for seconds at a time. What is measured in turns of half
a second, back and forth, meets the same moods of the machine on every device.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from rigcheck.bench.orders import (
    Evaluate,
    MeasureCeilings,
    MeasureWaits,
    Order,
    Prepare,
    Repeat,
    SweepBatches,
    SweepThreads,
    Train,
)
from rigcheck.bench.plan import BenchPlan
from rigcheck.bench.seat import Seat
from rigcheck.bench.speedups import BASELINE, paired_ratio
from rigcheck.bench.tier import Tier

_TURN_S = 0.5
_LONG_TURN_S = 2.5
"""The first turn: meters average over a second, and need a device at work for longer than that."""
_LONG_SHARE = 0.25
_AS_WRITTEN_TURN_S = 1.0
"""Its loader starts anew for each turn, and takes a while to get going."""
_AS_WRITTEN_EVERY = 3
_AS_WRITTEN_TURNS = 4
"""Short: its rate is steady, since it is the loader's."""
_ENOUGH_TURNS = 10
_PRECISE = 0.03
"""Half-width of an interval, as a share, at which nothing more is to be gained."""

Step: TypeAlias = tuple[Seat, Order]


def rounds(plan: BenchPlan, seats: Sequence[Seat]) -> Iterator[Step | None]:
    """Yields the orders of the training, each to be done before the next is asked for.

    It reads what the seats have recorded meanwhile. A seat that is over gets no more orders. After
    each round it yields None: there `seats` may grow, and no turns of one number are torn apart.
    """
    n_known = 0
    for turn in itertools.count():
        at_work = [seat for seat in seats if _wants_more(seat) or _is_partner(plan, seat, seats)]
        if not at_work:
            return
        for tier in plan.tiers:
            due = [seat for seat in at_work if _is_due(seat, tier, turn, seats)]
            # There and back: a drift that lasts for longer than a round favours nobody.
            for seat in due if turn % 2 == 0 else reversed(due):
                yield from _take_turn(plan, seat, tier, turn)
        for seat in seats[n_known:]:
            yield from _ask(seat, MeasureCeilings(is_full=False))
        n_known = len(seats)
        yield None
        if plan.epochs is None and _is_precise(seats):
            return


def closing(plan: BenchPlan, seats: Sequence[Seat]) -> Iterator[Step]:
    """Yields what is to be done once all have trained, one device after the other."""
    for seat in seats:
        for tier in plan.tiers:
            if _can_train(seat, tier):
                yield from _ask(seat, Evaluate(form=tier))
        yield from _ask(seat, Repeat())
        if not seat.device.is_cpu:
            yield from _ask(seat, MeasureWaits())
        # Once more, for a moment in which nothing else has the machine.
        yield from _ask(seat, MeasureCeilings(is_full=plan.is_full))
    if plan.is_full:
        for seat in seats:
            yield from _sweeps(seat)


def _ask(seat: Seat, order: Order) -> Iterator[Step]:
    if not seat.is_over:
        yield seat, order


def _sweeps(seat: Seat) -> Iterator[Step]:
    yield from _ask(seat, SweepBatches())
    if seat.device.is_cpu:
        yield from _ask(seat, SweepThreads())


def _take_turn(plan: BenchPlan, seat: Seat, tier: Tier, turn: int) -> Iterator[Step]:
    """What a form needs is made ready right before its first turn: the first figure comes soon."""
    if not seat.record.tiers[tier].is_prepared:
        yield from _ask(seat, Prepare(form=tier))
    if _can_train(seat, tier):
        yield seat, Train(form=tier, turn=turn, duration_s=_turn_s(plan, seat, tier))


def _wants_more(seat: Seat) -> bool:
    return not seat.is_over and seat.record.in_memory.progress < 1


def _is_partner(plan: BenchPlan, seat: Seat, seats: Sequence[Seat]) -> bool:
    """Through with its own time, while one that came later has yet to be compared with it.

    Whole epochs are trained whole, and no more.
    """
    return (
        plan.epochs is None
        and not seat.is_over
        and any(_wants_more(other) for other in _compared_with(seat, seats))
    )


def _compared_with(seat: Seat, seats: Sequence[Seat]) -> list[Seat]:
    """The CPU with each other device, and each of those with the CPU."""
    is_baseline = seat.device.device == BASELINE
    return [other for other in seats if (other.device.device == BASELINE) != is_baseline]


def _turn_s(plan: BenchPlan, seat: Seat, tier: Tier) -> float:
    if tier is Tier.AS_WRITTEN:
        return _AS_WRITTEN_TURN_S
    if seat.record.tiers[tier].turns == 0:
        return max(_TURN_S, min(_LONG_TURN_S, plan.training_s * _LONG_SHARE))
    return _TURN_S


def _is_due(seat: Seat, tier: Tier, turn: int, seats: Sequence[Seat]) -> bool:
    """The form as written has a few turns only, spread over the run: each is a long one."""
    if seat.record.tiers[tier].why_not:
        return False
    return tier is not Tier.AS_WRITTEN or (
        turn % _AS_WRITTEN_EVERY == 0
        and any(_lacks_turns(one, tier) for one in (seat, *_compared_with(seat, seats)))
    )


def _lacks_turns(seat: Seat, tier: Tier) -> bool:
    record = seat.record.tiers[tier]
    return not seat.is_over and not record.why_not and record.turns < _AS_WRITTEN_TURNS


def _can_train(seat: Seat, tier: Tier) -> bool:
    record = seat.record.tiers[tier]
    return not seat.is_over and record.is_prepared and not record.why_not


def _is_precise(seats: Sequence[Seat]) -> bool:
    """True when every speed-up is known well enough.

    The rate of a device alone is not: a machine that is calm for five seconds looks far better
    known than it is.
    """
    there = [seat for seat in seats if not seat.is_over]
    if len(there) <= 1 or any(seat.record.in_memory.turns < _ENOUGH_TURNS for seat in there):
        return False
    return all(width <= _PRECISE for width in _half_widths(there))


def _half_widths(seats: Sequence[Seat]) -> Iterator[float]:
    """Of the speed-ups over the first device."""
    first, *others = (seat.record.in_memory.blocks for seat in seats)
    for blocks in others:
        ratio = paired_ratio(blocks, first)
        yield (ratio.high - ratio.low) / 2 / ratio.ratio if ratio else 1.0
