import pytest

from rigcheck.tui.time_window import TimeWindow


def test_at_first_it_shows_all() -> None:
    window = TimeWindow()
    assert window.shown(60.0, 12.0) == (0.0, 60.0)
    assert not window.is_part


def test_closer_it_follows_the_newest() -> None:
    window = TimeWindow()
    window.zoom(1, 60.0, 40.0)
    assert window.is_part
    assert window.shown(60.0, 40.0) == (10.0, 40.0)
    assert window.shown(60.0, 50.0) == (20.0, 50.0)
    assert window.shown(60.0, 20.0) == (0.0, 30.0)


def test_scrolled_back_it_stands_still_until_it_meets_the_newest_again() -> None:
    window = TimeWindow()
    window.zoom(2, 80.0, 60.0)
    window.scroll(-1, 80.0, 60.0)
    assert window.shown(80.0, 60.0) == window.shown(80.0, 70.0) == (35.0, 55.0)
    window.scroll(1, 80.0, 70.0)
    assert window.shown(80.0, 70.0) == (40.0, 60.0)
    window.scroll(3, 80.0, 70.0)
    assert window.shown(80.0, 75.0) == (55.0, 75.0)


def test_standing_still_it_zooms_about_its_middle() -> None:
    window = TimeWindow()
    window.zoom(1, 80.0, 80.0)
    window.scroll(-1, 80.0, 80.0)
    assert window.shown(80.0, 80.0) == (30.0, 70.0)
    window.zoom(1, 80.0, 80.0)
    assert window.shown(80.0, 80.0) == (40.0, 60.0)


@pytest.mark.parametrize("n_back", [1, 3, 50])
def test_it_never_leaves_the_run(n_back: int) -> None:
    window = TimeWindow()
    window.zoom(2, 80.0, 80.0)
    for _ in range(n_back):
        window.scroll(-1, 80.0, 80.0)
    start_s, end_s = window.shown(80.0, 80.0)
    assert 0.0 <= start_s < end_s <= 80.0
    assert end_s - start_s == 20.0


def test_it_comes_no_closer_than_four_seconds_and_back_out_to_all() -> None:
    window = TimeWindow()
    for _ in range(20):
        window.zoom(1, 60.0, 60.0)
    assert window.shown(60.0, 60.0) == (56.0, 60.0)
    for _ in range(20):
        window.zoom(-1, 60.0, 60.0)
    assert (window.is_part, window.shown(60.0, 60.0)) == (False, (0.0, 60.0))


def test_all_of_it_has_nowhere_to_scroll_to() -> None:
    window = TimeWindow()
    window.scroll(-1, 60.0, 60.0)
    assert window.shown(60.0, 60.0) == (0.0, 60.0)


def test_a_run_shorter_than_the_closest_view_is_shown_whole() -> None:
    window = TimeWindow()
    window.zoom(1, 2.0, 1.0)
    assert window.shown(2.0, 1.0) == (0.0, 2.0)
