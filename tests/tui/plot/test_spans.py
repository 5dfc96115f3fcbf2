import math

import pytest

from rigcheck.tui.plot.spans import Span, Spans, column_means, joined


def spans(*given: tuple[float, float, float], limit: int = 100) -> Spans:
    made = Spans(limit)
    for span in given:
        made.add(Span(*span))
    return made


def test_each_column_has_the_mean_of_what_was_measured_in_it() -> None:
    assert column_means(spans((0, 2, 10.0), (2, 4, 20.0)), 4, 4) == [10.0, 10.0, 20.0, 20.0]


def test_a_column_weighs_its_spans_by_their_time() -> None:
    assert column_means(spans((0, 1, 10.0), (1, 4, 20.0)), 4, 1) == [17.5]


def test_where_nothing_was_measured_there_is_a_gap_and_no_zero() -> None:
    assert column_means(spans((0, 1, 5.0), (3, 4, 5.0)), 5, 5) == [5.0, None, None, 5.0, None]


def test_what_lies_beyond_the_end_is_left_out() -> None:
    assert column_means(spans((0, 1, 5.0), (1, 9, 7.0)), 2, 2) == [5.0, 7.0]
    assert column_means(spans((5, 6, 5.0)), 2, 2) == [None, None]


def test_no_columns_have_no_means() -> None:
    assert column_means(spans((0, 1, 5.0)), 1, 0) == []


@pytest.mark.parametrize("span", [(1, 1, 5.0), (2, 1, 5.0), (0, 1, math.nan), (0, 1, math.inf)])
def test_a_span_without_length_or_number_is_not_taken(span: tuple[float, float, float]) -> None:
    assert len(spans(span)) == 0


def test_too_many_spans_become_fewer_with_the_same_means_and_gaps() -> None:
    many = spans(*((i, i + 1, float(i)) for i in range(8)), (20, 21, 8.0), limit=8)
    assert len(many) == 5
    assert column_means(many, 8, 4) == [0.5, 2.5, 4.5, 6.5]
    assert column_means(many, 24, 3) == [3.5, None, 8.0]


def test_however_long_it_runs_it_stays_within_its_limit() -> None:
    many = Spans(limit=10)
    for i in range(1_000):
        many.add(Span(i, i + 1, 3.0))
        assert len(many) <= 10
    assert column_means(many, 1_000, 2) == [pytest.approx(3.0), pytest.approx(3.0)]


def test_it_stays_within_its_limit_where_every_other_reading_is_a_gap() -> None:
    many = Spans(limit=20)
    for i in range(1_000):
        many.add(Span(2 * i, 2 * i + 1, 3.0))
        assert len(many) <= 20
    means = column_means(many, 2_000, 2)
    assert means == [pytest.approx(3.0), pytest.approx(3.0)]


def test_the_newest_value_is_known() -> None:
    assert spans().last is None
    assert spans((0, 1, 9.0), (1, 2, 4.0)).last == 4.0


def test_a_stretch_of_time_has_the_columns_of_its_own() -> None:
    told = spans((0, 4, 1.0), (4, 6, 3.0), (7, 20, 5.0))
    assert column_means(told, 8, 4, from_s=4) == [3.0, 3.0, None, 5.0]
    assert column_means(told, 4, 2, from_s=2) == [1.0, 1.0]


def test_short_gaps_are_joined_straight_and_long_ones_stay() -> None:
    assert joined([1.0, None, 3.0, None, None, 9.0], 1) == [1.0, 2.0, 3.0, None, None, 9.0]
    assert joined([1.0, None, 3.0, None, None, 9.0], 2) == [1.0, 2.0, 3.0, 5.0, 7.0, 9.0]


def test_what_was_not_measured_before_or_after_is_not_made_up() -> None:
    assert joined([None, None, 4.0, None], 9) == [None, None, 4.0, None]
