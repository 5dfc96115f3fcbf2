import pytest

from rigcheck.units import bytes_text, counted, duration_text, rate_text


@pytest.mark.parametrize(
    ("n_bytes", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (4 * 2**30, "4.0 GiB"),
        (2**60, "1024.0 PiB"),
    ],
)
def test_sizes_are_binary(n_bytes: int, text: str) -> None:
    assert bytes_text(n_bytes) == text


@pytest.mark.parametrize(
    ("duration_s", "text"),
    [
        (0.421, "0.42 s"),
        (12.6, "13 s"),
        (75, "1 min 15 s"),
        (3720, "1 h 2 min"),
        (90061, "1 d 1 h"),
    ],
)
def test_durations_have_the_unit_that_fits(duration_s: float, text: str) -> None:
    assert duration_text(duration_s) == text


@pytest.mark.parametrize(
    ("per_s", "text"),
    [(87.31, "87.3"), (999, "999"), (16432, "16.4 k"), (101200, "101 k"), (1234567, "1.23 M")],
)
def test_rates_have_three_figures(per_s: float, text: str) -> None:
    assert rate_text(per_s) == text


def test_one_thing_is_told_as_one() -> None:
    assert [counted(n, "thread") for n in (0, 1, 2)] == ["0 threads", "1 thread", "2 threads"]
