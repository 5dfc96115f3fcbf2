import pytest

from rigcheck.tui.plot.scale import percent_axis, time_axis, value_axis, value_text


@pytest.mark.parametrize(
    ("highest", "unit", "n_rows", "end", "labels"),
    [
        (16_400, "", 8, 17_000, ("0", "5 k", "10 k", "15 k")),
        (103_000, "", 7, 110_000, ("0", "50 k", "100 k")),
        (82, "W", 20, 84, ("0 W", "20 W", "40 W", "60 W", "80 W")),
        (1.1, "GiB", 9, 1.1, ("0.0 GiB", "0.5 GiB", "1.0 GiB")),
        (64, "°C", 4, 70, ("0 °C", "50 °C")),
        (3, "W", 1, 5, ("0 W", "5 W")),
    ],
)
def test_a_value_axis_starts_at_zero_and_has_round_ticks(
    highest: float, unit: str, n_rows: int, end: float, labels: tuple[str, ...]
) -> None:
    axis = value_axis(highest, unit, n_rows)
    assert axis.labels == labels
    assert axis.end == pytest.approx(end)
    assert axis.end >= highest


def test_a_value_axis_of_nothing_is_still_an_axis() -> None:
    assert value_axis(0.0, "W", 8).end == 1.0


@pytest.mark.parametrize(
    ("n_rows", "labels"),
    [
        (1, ("0 %", "100 %")),
        (3, ("0 %", "100 %")),
        (6, ("0 %", "50 %", "100 %")),
        (9, ("0 %", "25 %", "50 %", "75 %", "100 %")),
        (11, ("0 %", "20 %", "40 %", "60 %", "80 %", "100 %")),
    ],
)
def test_percent_goes_from_0_to_100_at_any_height(n_rows: int, labels: tuple[str, ...]) -> None:
    axis = percent_axis(n_rows)
    assert axis.end == 100.0
    assert axis.labels == labels


@pytest.mark.parametrize(
    ("shown_s", "n_columns", "labels"),
    [
        (26, 72, ("0 s", "5 s", "10 s", "15 s", "20 s", "25 s")),
        (10, 72, tuple(f"{i} s" for i in range(0, 11, 2))),
        (900, 72, ("0 min", "3 min", "6 min", "9 min", "12 min", "15 min")),
        (0.2, 72, ("0 s", "1 s")),
        (30, 10, ("0 s", "30 s")),
    ],
)
def test_times_are_labelled_in_round_seconds_and_later_in_minutes(
    shown_s: float, n_columns: int, labels: tuple[str, ...]
) -> None:
    axis = time_axis(shown_s, n_columns)
    assert axis.labels == labels
    assert axis.end == max(shown_s, 1.0)


def test_a_stretch_of_time_has_ticks_at_round_times_too() -> None:
    axis = time_axis(47.0, 72, from_s=33.0)
    assert axis.labels == ("34 s", "36 s", "38 s", "40 s", "42 s", "44 s", "46 s")
    assert [axis.position(t, 141) for t in (33, 40, 47, 10, 99)] == [0, 70, 140, 0, 140]


def test_days_still_have_ticks() -> None:
    axis = time_axis(200_000, 40)
    assert 2 <= len(axis.ticks) <= 6


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (16_400, "", "16.4 k"),
        (163_000, "", "163 k"),
        (1_250_000, "", "1.25 M"),
        (97.3, "%", "97 %"),
        (0, "", "0"),
    ],
)
def test_values_are_short(value: float, unit: str, text: str) -> None:
    assert value_text(value, unit) == text


def test_what_lies_beyond_the_axis_is_drawn_at_its_end() -> None:
    axis = percent_axis(6)
    assert [axis.position(v, 24) for v in (-5, 0, 50, 100, 130)] == [0, 0, 12, 23, 23]
