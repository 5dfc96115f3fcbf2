import dataclasses

import pytest

from rigcheck.bench.plan import DEFAULT_TIERS, BenchPlan
from rigcheck.bench.tier import Tier
from rigcheck.facts import Found, Rig, Torch, TorchDevice
from rigcheck.tui.bench_choices import BenchChoices
from tests.tui.streams import RIG, device, plan

TWO_GPUS = Rig(
    cpu=RIG.cpu,
    torch=Torch(
        devices=Found(
            tuple(
                TorchDevice(
                    device=f"cuda:{i}",
                    name="NVIDIA GeForce GTX 960",
                    uuid=Found(f"GPU-{i}", "torch"),
                )
                for i in range(2)
            ),
            "torch",
        )
    ),
)


def made(choices: BenchChoices) -> BenchPlan:
    assert choices.plan is not None
    return choices.plan


def test_unless_something_is_chosen_the_plan_is_what_it_was() -> None:
    of = dataclasses.replace(plan(), training_s=17.0, threads=3)
    choices = BenchChoices.of(of, RIG)
    assert made(choices) == of
    assert choices.lengths[choices.length].text == "17 s a device"


def test_devices_that_the_plan_leaves_out_can_be_chosen_and_keep_the_rigs_order() -> None:
    only_second = BenchPlan(python="py", devices=(dataclasses.replace(device(1), price=90.0),))
    choices = BenchChoices.of(only_second, TWO_GPUS)
    assert [d.label for d in choices.devices] == ["CPU", "GPU 0", "GPU 1"]
    chosen = made(choices.with_device("cpu"))
    assert [(d.device, d.price) for d in chosen.devices] == [("cpu", None), ("cuda:1", 90.0)]


def test_a_device_is_left_out_by_the_same_choice() -> None:
    choices = BenchChoices.of(plan(), RIG)
    assert [d.device for d in made(choices.with_device("cpu")).devices] == ["cuda:0"]
    assert made(choices.with_device("cpu").with_device("cpu")) == plan()


def test_without_a_device_there_is_no_plan() -> None:
    choices = BenchChoices.of(plan(n_gpus=0), RIG)
    assert choices.with_device("cpu").plan is None


def test_lengths_go_round_from_seconds_to_epochs() -> None:
    choices = BenchChoices.of(plan(), RIG)
    texts = [choices.with_length(i).lengths[choices.with_length(i).length].text for i in range(8)]
    assert texts == [
        "10 s a device",
        "30 s a device",
        "60 s a device",
        "300 s a device",
        "1 epoch",
        "5 epochs",
        "15 epochs",
        "5 s a device",
    ]
    assert made(choices.with_length(4)).epochs == 1
    assert made(choices.with_length(-1)).training_s == 5.0


@pytest.mark.parametrize(
    ("n_times", "tiers", "is_full"),
    [(0, DEFAULT_TIERS, False), (1, tuple(Tier), True), (2, DEFAULT_TIERS, False)],
)
def test_a_full_run_has_every_form(n_times: int, tiers: tuple[Tier, ...], *, is_full: bool) -> None:
    choices = BenchChoices.of(plan(), RIG)
    for _ in range(n_times):
        choices = choices.with_extent()
    assert (made(choices).tiers, made(choices).is_full) == (tiers, is_full)
