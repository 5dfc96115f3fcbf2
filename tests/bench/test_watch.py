"""What the meters beside a run cost, and what they cannot see: told while it runs, and after."""

import json

import msgspec

from rigcheck.bench.events import BenchEvent, WatchChanged
from rigcheck.facts import Absent, Reason
from tests.bench.runs import events_of, finished, make_plan
from tests.nvml.fake import PlugInNvml


def watch_of(events: list[BenchEvent]) -> WatchChanged:
    """The last word on it."""
    return [event for event in events if isinstance(event, WatchChanged)][-1]


def test_the_cost_of_watching_gpus_is_told_and_their_errors_stand_on_the_run_s_axis_of_time(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 xid 13 0.3")
    events = events_of(make_plan(training_s=1.0))
    run, watch = finished(events), watch_of(events)
    assert (watch.no_gpus, watch.problem) == (None, "")
    assert watch.cost is not None
    assert watch.cost.samples >= 4
    assert watch.cost.gpu_read_s is not None
    assert watch.cost.gpu_dear_read_s is not None
    assert run.sampler_cost == watch.cost
    told = json.loads(msgspec.json.encode(run))["sampler_cost"]
    assert told["gpu_dear_read_s"] == watch.cost.gpu_dear_read_s
    (xid,) = [xid for sample in run.samples for xid in sample.xids or ()]
    assert 0 < xid.time_s < run.samples[-1].time_s


def test_why_no_gpu_is_watched_is_in_events_and_result(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("driver-not-loaded")
    events = events_of(make_plan(training_s=1.0))
    why = Absent(Reason.NOT_THERE, "NVML nvmlInitWithFlags", "Driver Not Loaded")
    assert watch_of(events).no_gpus == finished(events).no_gpus == why
    told = json.loads(msgspec.json.encode(finished(events)))["no_gpus"]
    assert (told["state"], told["reason"]) == ("absent", "not there")
