"""The loss curve in windows of steps."""

import pytest

from rigcheck.target.curve import LAST_STEP, WINDOW_STEPS, LossCurve


def test_a_window_is_told_when_its_last_step_is_done() -> None:
    curve = LossCurve()
    assert list(curve.add([200.0] * (WINDOW_STEPS - 1), 100)) == []
    (window,) = curve.add([250.0], 100)
    assert window.steps == WINDOW_STEPS
    assert window.loss == pytest.approx((200.0 * 49 + 250.0) / 50 / 100)


def test_several_windows_may_end_in_one_block() -> None:
    assert [w.steps for w in LossCurve().add([1.0] * 130, 100)] == [50, 100]


def test_the_curve_ends_with_the_first_epoch() -> None:
    curve = LossCurve()
    assert len(list(curve.add([1.0] * 2 * LAST_STEP, 100))) == LAST_STEP // WINDOW_STEPS
    assert list(curve.add([1.0] * 100, 100)) == []
