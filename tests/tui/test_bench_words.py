import dataclasses

import msgspec

from rigcheck.bench import events
from rigcheck.bench.conclusions import Bottleneck, BottleneckKind
from rigcheck.bench.events import BenchEvent
from rigcheck.bench.plan import BenchPlan
from rigcheck.bench.result import BenchRun, DeviceRun, Outcome, Ratio, SpeedUp, TierRun
from rigcheck.bench.tier import Tier
from rigcheck.findings import Evidence
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.bench_words import bottleneck_text, form_texts, result_text, why_texts
from tests.tui.streams import bench_events, block, device, device_run, plan, rate

LIMIT = Bottleneck(
    device="cuda:0",
    kind=BottleneckKind.INPUT_PIPELINE,
    sentence="the data loader holds it back: 6.3 k images/s as written, 15.9 k in memory",
    evidence=(Evidence("4 workers", "the run"),),
    advice="keep the data in memory",
)


def measured(tier: Tier, images_per_s: float) -> events.BlockMeasured:
    return events.BlockMeasured(
        device="cuda:0", tier=tier, block=block(0.0, images_per_s), progress=0.5
    )


def with_as_written(ratio: Ratio | None, why_not: str = "") -> DeviceRun:
    tier = TierRun(
        tier=Tier.AS_WRITTEN,
        why_not=why_not,
        warm_up_s=0.1,
        rate=rate(6_300.0) if ratio else None,
        of_in_memory=ratio,
        blocks=(),
        epochs=(),
        first_epoch=None,
        evaluation=None,
    )
    return msgspec.structs.replace(device_run(device(0)), tiers=(tier,), bottleneck=LIMIT)


def test_before_its_first_turn_a_form_has_none() -> None:
    assert list(form_texts(BenchModel(plan()), "cuda:0")) == ["as-written · no turn yet"]


def test_while_it_trains_the_ratio_is_about() -> None:
    model = BenchModel(plan())
    model.take(measured(Tier.AS_WRITTEN, 4_000.0))
    assert list(form_texts(model, "cuda:0")) == ["as-written · 4.00 k images/s so far"]
    model.take(measured(Tier.IN_MEMORY, 16_000.0))
    assert list(form_texts(model, "cuda:0")) == [
        "as-written · 4.00 k images/s so far · about 0.25× the speed in memory"
    ]


def test_a_form_never_counts_as_the_one_in_memory() -> None:
    model = BenchModel(plan())
    model.take(measured(Tier.IN_MEMORY, 16_000.0))
    model.take(measured(Tier.AS_WRITTEN, 4_000.0))
    progress = model.devices["cuda:0"]
    assert progress.images_per_s == 16_000.0
    assert [span.value for span in progress.forms[Tier.IN_MEMORY].rates] == [16_000.0]
    assert [span.value for span in progress.forms[Tier.AS_WRITTEN].rates] == [4_000.0]


def test_the_result_has_its_interval_and_is_compared_with_memory_and_the_cpu() -> None:
    model = BenchModel(plan())
    run = with_as_written(Ratio(ratio=0.4, low=0.38, high=0.42, turns=3))
    model.take(events.DeviceFinished(run=run))
    speed_up = SpeedUp(
        device="cuda:0",
        baseline="cpu",
        tier=Tier.AS_WRITTEN,
        ratio=1.1,
        low=1.0,
        high=1.2,
        sentence="",
    )
    model.take(events.SpeedUpsKnown(speed_ups=(speed_up,)))
    assert list(form_texts(model, "cuda:0")) == [
        "as-written · 6.30 k images/s (6.17 k–6.43 k) · 0.4× the speed in memory · 1.1× the CPU's"
    ]


def test_a_form_that_cannot_be_measured_says_why() -> None:
    model = BenchModel(plan())
    model.take(events.DeviceFinished(run=with_as_written(None, "no torchvision")))
    assert list(form_texts(model, "cuda:0")) == ["as-written · not measured: no torchvision"]


def test_what_is_concluded_from_the_whole_run_is_known_at_its_end() -> None:
    model = BenchModel(plan())
    without = msgspec.structs.replace(with_as_written(None), bottleneck=None)
    model.take(events.DeviceFinished(run=without))
    assert bottleneck_text(model.devices["cuda:0"].run) == ""
    whole = BenchRun(started_at="", devices=(with_as_written(None),), speed_ups=(), samples=())
    model.take(events.BenchFinished(run=whole))
    assert bottleneck_text(model.devices["cuda:0"].run) == f"GPU 0: {LIMIT.sentence}"


def test_why_is_told_with_what_was_seen_and_what_to_do() -> None:
    assert list(why_texts(with_as_written(None))) == [
        ("why", f"GPU 0: {LIMIT.sentence}"),
        ("seen", "4 workers  the run"),
        ("mend", "keep the data in memory"),
    ]
    assert [label for label, _ in why_texts(None)] == ["why"]
    assert list(why_texts(device_run(device()))) == [
        ("why", "what holds CPU back could not be told")
    ]


def test_only_forms_of_the_plan_are_told() -> None:
    alone = dataclasses.replace(plan(), tiers=(Tier.IN_MEMORY,))
    assert list(form_texts(BenchModel(alone), "cuda:0")) == []


def after(of: BenchPlan, *told: BenchEvent) -> BenchModel:
    model = BenchModel(of)
    for event in told:
        model.take(event)
    return model


def test_with_a_cpu_the_result_is_the_speed_up() -> None:
    model = after(plan(), *bench_events(plan()))
    text = "GPU 0 trains LeNet 6.2× as fast as the CPU (6–6.4)"
    assert result_text(model, "cuda:0") == result_text(model, "cpu") == text


def test_one_device_alone_has_a_result_too() -> None:
    model = after(plan(n_gpus=0), *bench_events(plan(n_gpus=0)))
    assert result_text(model, "cpu") == "CPU trains LeNet at 16.4 k images/s, an epoch in 3.66 s"


def test_a_device_that_failed_or_is_unknown_has_no_result() -> None:
    run = device_run(device(), outcome=Outcome.FAILED, error="out of memory", images_per_s=None)
    model = after(plan(n_gpus=0), events.DeviceFinished(run=run))
    assert (result_text(model, "cpu"), result_text(model, "")) == ("", "")
