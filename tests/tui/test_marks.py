from rigcheck.monitor.sample import GpuSample, Sample, XidEvent
from rigcheck.tui.marks import Marks
from rigcheck.tui.plot.mark_rows import Mark


def told(time_s: float, *reasons: str, xids: tuple[XidEvent, ...] = ()) -> Sample:
    gpu = GpuSample(gpu="GPU-a", power_w=100.0, clocks_event_reasons=reasons)
    return Sample(time_s=time_s, gpus=(gpu,), xids=xids)


def marks(*samples: Sample, step_s: float = 1.0) -> Marks:
    made = Marks()
    for sample in samples:
        made.take(sample, sample.time_s - step_s)
    return made


def test_a_reason_lasts_as_long_as_it_is_told_and_comes_again_as_another_mark() -> None:
    made = marks(told(1, "power cap"), told(2, "power cap"), told(3), told(4, "power cap"), told(5))
    assert made.of("GPU-a") == (Mark(0, 2, "power cap"), Mark(3, 4, "power cap"))


def test_rest_is_no_mark() -> None:
    assert marks(told(1, "idle"), told(2)).of("GPU-a") == ()


def test_the_gravest_come_first_and_what_is_normal_under_load_last() -> None:
    xid = XidEvent(time_s=2.5, gpu="GPU-a", xid=79)
    made = marks(told(1, "power cap", "sync boost", "0x800", "power brake"), told(3, xids=(xid,)))
    assert [mark.text for mark in made.of("GPU-a")] == [
        "Xid 79",
        "power brake",
        "sync boost",
        "0x800",
        "power cap",
    ]
    assert made.of("GPU-a")[0] == Mark(2.5, 2.5, "Xid 79")


def test_a_gpu_that_does_not_answer_has_a_mark_for_that() -> None:
    lost = Sample(time_s=2, gpus=(GpuSample(gpu="GPU-a"),))
    assert marks(told(1), lost).of("GPU-a") == (Mark(1, 2, "no answer"),)


def test_an_error_is_its_own_gpu_s_or_where_the_driver_does_not_say_everybody_s() -> None:
    own = XidEvent(time_s=1, gpu="GPU-a", xid=13)
    somebody_s = XidEvent(time_s=1, gpu="", xid=79)
    made = marks(told(1, xids=(own, somebody_s)))
    assert [mark.text for mark in made.of("GPU-a")] == ["Xid 13", "Xid 79"]
    assert [mark.text for mark in made.of("GPU-b")] == ["Xid 79"]


def test_a_reason_that_flaps_for_hours_or_made_up_numbers_do_not_pile_up() -> None:
    made = Marks()
    for second in range(0, 10_000, 2):
        made.take(told(second, "power cap"), second - 1)
        xid = XidEvent(time_s=second, gpu="GPU-a", xid=10**9 + second)
        made.take(told(second + 1, xids=(xid,)), second)
    kept = made.of("GPU-a")
    assert sum(mark.text == "power cap" for mark in kept) <= 128
    assert len(kept) <= 128 + 256
