import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rigcheck.tui.plot.spans import Span, Spans, joined


def spans(*given: tuple[float, float, float], limit: int = 100) -> Spans:
    made = Spans(limit)
    for span in given:
        made.add(Span(*span))
    return made


def test_each_column_has_the_mean_of_what_was_measured_in_it() -> None:
    assert spans((0, 2, 10.0), (2, 4, 20.0)).column_means(4, 4) == [10.0, 10.0, 20.0, 20.0]


def test_a_column_weighs_its_spans_by_their_time() -> None:
    assert spans((0, 1, 10.0), (1, 4, 20.0)).column_means(4, 1) == [17.5]


def test_where_nothing_was_measured_there_is_a_gap_and_no_zero() -> None:
    assert spans((0, 1, 5.0), (3, 4, 5.0)).column_means(5, 5) == [5.0, None, None, 5.0, None]


def test_what_lies_beyond_the_end_is_left_out() -> None:
    assert spans((0, 1, 5.0), (1, 9, 7.0)).column_means(2, 2) == [5.0, 7.0]
    assert spans((5, 6, 5.0)).column_means(2, 2) == [None, None]


def test_no_columns_have_no_means() -> None:
    assert spans((0, 1, 5.0)).column_means(1, 0) == []


@pytest.mark.parametrize("span", [(1, 1, 5.0), (2, 1, 5.0), (0, 1, math.nan), (0, 1, math.inf)])
def test_a_span_without_length_or_number_is_not_taken(span: tuple[float, float, float]) -> None:
    assert len(spans(span)) == 0


def test_too_many_spans_become_fewer_with_the_same_means_and_gaps() -> None:
    many = spans(*((i, i + 1, float(i)) for i in range(8)), (20, 21, 8.0), limit=8)
    assert len(many) == 5
    assert many.column_means(8, 4) == [0.5, 2.5, 4.5, 6.5]
    assert many.column_means(24, 3) == [3.5, None, 8.0]


def test_however_long_it_runs_it_stays_within_its_limit() -> None:
    many = Spans(limit=10)
    for i in range(1_000):
        many.add(Span(i, i + 1, 3.0))
        assert len(many) <= 10
    assert many.column_means(1_000, 2) == [pytest.approx(3.0), pytest.approx(3.0)]


def test_it_stays_within_its_limit_where_every_other_reading_is_a_gap() -> None:
    many = Spans(limit=20)
    for i in range(1_000):
        many.add(Span(2 * i, 2 * i + 1, 3.0))
        assert len(many) <= 20
    means = many.column_means(2_000, 2)
    assert means == [pytest.approx(3.0), pytest.approx(3.0)]


def test_the_newest_value_is_known() -> None:
    assert spans().last is None
    assert spans((0, 1, 9.0), (1, 2, 4.0)).last == 4.0


def test_a_stretch_of_time_has_the_columns_of_its_own() -> None:
    told = spans((0, 4, 1.0), (4, 6, 3.0), (7, 20, 5.0))
    assert told.column_means(8, 4, from_s=4) == [3.0, 3.0, None, 5.0]
    assert told.column_means(4, 2, from_s=2) == [1.0, 1.0]


def test_short_gaps_are_joined_straight_and_long_ones_stay() -> None:
    assert joined([1.0, None, 3.0, None, None, 9.0], 1) == [1.0, 2.0, 3.0, None, None, 9.0]
    assert joined([1.0, None, 3.0, None, None, 9.0], 2) == [1.0, 2.0, 3.0, 5.0, 7.0, 9.0]


def test_what_was_not_measured_before_or_after_is_not_made_up() -> None:
    assert joined([None, None, 4.0, None], 9) == [None, None, 4.0, None]


Asked = tuple[float, float, int]
TIMES_S = st.floats(0.0, 40.0)
AXES = st.tuples(TIMES_S, st.floats(0.5, 40.0), st.integers(0, 12))
"""Where it begins, how long it is, and its columns."""
READINGS = st.tuples(st.floats(0.0, 3.0), st.floats(0.001, 5.0), st.floats(-1e3, 1e3))
"""The gap before it, its length, and its value."""
STEPS = st.lists(st.one_of(READINGS, st.sampled_from(range(3))), max_size=40)
"""What comes, and which of three axes is asked for."""


@given(STEPS, st.lists(AXES, min_size=3, max_size=3), st.sampled_from((4, 12, 100)))
def test_means_asked_for_along_the_way_are_those_of_all_spans_at_once(
    steps: list[tuple[float, float, float] | int], axes: list[Asked], limit: int
) -> None:
    kept, told = Spans(limit), list[Span]()
    for step in steps:
        if isinstance(step, tuple):
            gap_s, length_s, value = step
            start_s = gap_s + (told[-1].end_s if told else 0.0)
            told.append(Span(start_s, start_s + length_s, value))
            kept.add(told[-1])
            continue
        from_s, length_s, n_columns = axes[step]
        fresh = spans(*told, limit=limit)
        means = kept.column_means(from_s + length_s, n_columns, from_s=from_s)
        assert means == fresh.column_means(from_s + length_s, n_columns, from_s=from_s)
        for mean, (plain, weight_s) in zip(
            means, plain_means(fresh, from_s, length_s, n_columns), strict=True
        ):
            # Of less than that, rounding alone decides what it is, and whether it is there.
            if weight_s > 1e-6:
                assert mean == pytest.approx(plain, rel=1e-6, abs=1e-3)


def plain_means(
    of: Spans, from_s: float, length_s: float, n_columns: int
) -> Iterator[tuple[float, float]]:
    """As one would write it down: a span weighs what of it lies in the column; with the sum."""
    width_s = length_s / max(n_columns, 1)
    for i in range(n_columns):
        start_s = from_s + i * width_s
        inside = [
            (max(min(s.end_s, start_s + width_s) - max(s.start_s, start_s), 0.0), s.value)
            for s in of
        ]
        total_s = sum(weight_s for weight_s, _ in inside)
        yield sum(w * v for w, v in inside) / (total_s or 1.0), total_s
