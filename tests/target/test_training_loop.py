"""The training loop on small sets: what it counts, and that it repeats itself."""

import itertools
import math
import time
from collections.abc import Iterator

import pytest
import torch

from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.lenet import make_lenet
from rigcheck.target.training_data import Set
from rigcheck.target.training_loop import Block, Course, evaluate, steps_in_block, warm_up

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Two threads wait for each other thousands of times where something else has a core."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def data() -> Set:
    generator = torch.Generator().manual_seed(5)
    images = torch.rand(950, 1, 28, 28, generator=generator) * 0.3
    return Set(images, torch.randint(0, 10, (950,), generator=generator))


FOREVER_S = 1e9


def form_on(data: Set, seed: int = 0) -> InMemory:
    return InMemory(make_lenet(seed, CPU), data)


def course_of(form: InMemory, data: Set, *, seed: int = 0, step_s: float = 0.1) -> Course:
    return Course(form, len(data.labels), batch_size=100, seed=seed, step_s=step_s)


def blocks_of(data: Set, epochs: int, form: InMemory) -> list[Block]:
    blocks = course_of(form, data).turn(FOREVER_S, CPU)
    return list(itertools.takewhile(lambda block: block.epoch <= epochs, blocks))


@pytest.mark.parametrize(
    ("steps_left", "step_s", "steps"),
    [
        (600, 0.01, 25),  # 600 steps of 10 ms: 24 blocks of a quarter of a second
        (600, 0.0001, 600),  # a whole epoch takes less than a block
        (600, 2.0, 1),  # one step takes longer than a block
        (26, 0.01, 26),  # one left over does not make a block of its own
        (40, 0.01, 20),  # nor do fifteen: two blocks of the same size
        (1, 0.01, 1),
    ],
)
def test_blocks_last_a_quarter_of_a_second_and_share_an_epoch(
    steps_left: int, step_s: float, steps: int
) -> None:
    assert steps_in_block(steps_left, step_s, 0.25) == steps


def test_every_image_is_trained_on_once_an_epoch(data: Set) -> None:
    blocks = blocks_of(data, 2, form_on(data))
    for epoch in (1, 2):
        of_epoch = [block for block in blocks if block.epoch == epoch]
        assert sum(block.images for block in of_epoch) == 950
        assert [block.ends_epoch for block in of_epoch] == [
            *[False] * (len(of_epoch) - 1),
            True,
        ]


def test_blocks_of_an_epoch_leave_no_time_out(data: Set) -> None:
    blocks = blocks_of(data, 1, form_on(data))
    assert len(blocks) > 1
    for block, following in itertools.pairwise(blocks):
        assert block.start_s < block.end_s == following.start_s


def test_the_loss_is_that_of_the_images_before_they_are_learned_from(data: Set) -> None:
    form = form_on(data)
    loss_sum, hits = evaluate(form, data, 100)
    one_batch = Set(data.images[:100], data.labels[:100])
    expected, expected_hits = evaluate(form, one_batch, 100)
    block = next(course_of(form_on(one_batch), one_batch).turn(FOREVER_S, CPU))
    assert block.losses == [pytest.approx(expected, rel=1e-5)]
    assert block.hits == expected_hits
    assert (block.steps, block.images, block.images_learned) == (1, 100, 100)
    assert loss_sum > expected
    assert hits >= expected_hits


def test_turns_go_on_where_the_last_one_ended(data: Set) -> None:
    in_turns, at_once = form_on(data), form_on(data)
    in_turns.block_s = at_once.block_s = 1e-9  # a step a block
    course = course_of(in_turns, data)
    turns = [list(course.turn(1e-9, CPU)) for _ in range(13)]
    assert [len(turn) for turn in turns] == [1] * 13
    blocks = [block for turn in turns for block in turn]
    assert [block.epoch for block in blocks] == [1] * 10 + [2] * 3
    whole = course_of(at_once, data).turn(FOREVER_S, CPU)
    expected = list(itertools.islice(whole, 13))
    assert [block.losses for block in blocks] == [block.losses for block in expected]


def test_a_run_in_trains_while_no_clock_runs(data: Set) -> None:
    form = form_on(data)
    form.run_in_steps = 4
    (first, *_) = blocks = blocks_of(data, 1, form)
    assert len(first.losses) == first.steps + 4
    assert first.images_learned == first.images + 400
    assert sum(block.images_learned for block in blocks) == 950


def test_a_run_in_longer_than_the_epoch_leaves_something_to_time(data: Set) -> None:
    form = form_on(data)
    form.run_in_steps = 1_000
    blocks = blocks_of(data, 2, form)
    assert [block.epoch for block in blocks if block.ends_epoch] == [1, 2]
    assert sum(block.images for block in blocks) == 2 * 450


def weights_after_training(data: Set, seed: int) -> list[torch.Tensor]:
    form = form_on(data, seed)
    for block in course_of(form, data, seed=seed, step_s=0.01).turn(FOREVER_S, CPU):
        if block.epoch == 2 and block.ends_epoch:
            break
    weights = [p.detach() for p in form.model().parameters()]
    assert all(weight.isfinite().all() for weight in weights)
    return weights


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_seed_gives_the_same_weights_bit_for_bit(data: Set, threads: int) -> None:
    torch.set_num_threads(threads)
    first = weights_after_training(data, 7)
    # However the warm-up went, it leaves no trace.
    warm_up(form_on(data, 3), torch.arange(950).split(100))
    again = weights_after_training(data, 7)
    assert all(torch.equal(p, q) for p, q in zip(first, again, strict=True))


def test_another_seed_gives_other_weights(data: Set) -> None:
    first, other = weights_after_training(data, 7), weights_after_training(data, 8)
    assert not torch.equal(first[0], other[0])


def test_warming_up_tells_a_steps_time(data: Set) -> None:
    few = Set(data.images[:7], data.labels[:7])
    assert warm_up(form_on(few), [torch.arange(7)] * 4) > 0


def test_warming_up_ends_with_its_time_where_steps_take_long(data: Set) -> None:
    class Slow(InMemory):
        steps = 0

        def step(self, batch: torch.Tensor) -> int:
            time.sleep(0.2)
            self.steps += 1
            return super().step(batch)

    slow = Slow(make_lenet(0, CPU), data)
    assert warm_up(slow, torch.arange(900).split(10)) >= 0.2
    # At least one in each half, and three at most until its time is over.
    assert 2 <= slow.steps <= 6
    assert slow.collect() == ([], 0)


def test_a_loss_that_is_no_number_is_told(data: Set) -> None:
    poisoned = Set(data.images.clone(), data.labels)
    poisoned.images[3, 0, 14, 14] = math.nan
    blocks = blocks_of(poisoned, 1, form_on(poisoned))
    assert not math.isfinite(blocks[-1].losses[-1])


def test_a_device_that_slows_down_ends_its_block_early(data: Set) -> None:
    class Slow(InMemory):
        def step(self, batch: torch.Tensor) -> int:
            time.sleep(0.3)
            return super().step(batch)

    slow = Slow(make_lenet(0, CPU), data)
    blocks = course_of(slow, data, step_s=1e-6).turn(FOREVER_S, CPU)
    first, second = next(blocks), next(blocks)
    assert first.images in (100, 200)
    assert second.images == 100
    assert not first.ends_epoch
