"""When a device trained, and what was sampled meanwhile."""

from rigcheck.bench.result import Block
from rigcheck.bench.stretches import longest, samples_within, stretches
from rigcheck.monitor.sample import Sample


def block(start_at_s: float, end_at_s: float) -> Block:
    return Block(start_at_s=start_at_s, end_at_s=end_at_s, images=100, epoch=1, loss=0.1)


BLOCKS = (block(1.0, 1.5), block(1.5, 2.0), block(2.05, 2.5), block(4.0, 4.5))


def test_blocks_without_a_pause_between_them_are_one_stretch() -> None:
    assert stretches(BLOCKS) == [(1.0, 2.5), (4.0, 4.5)]
    assert stretches(()) == []


def test_only_samples_of_its_own_time_belong_to_a_device() -> None:
    samples = [Sample(time_s=time_s, gpus=()) for time_s in (0.9, 1.2, 2.4, 3.0, 4.2)]
    assert [s.time_s for s in samples_within(samples, stretches(BLOCKS))] == [1.2, 2.4, 4.2]


def test_the_longest_stretch_is_what_meters_with_a_window_can_tell_of() -> None:
    assert longest(stretches(BLOCKS)) == [(1.0, 2.5)]
    assert longest([]) == []
