"""Bottlenecks planted into real runs, each named rightly."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from rigcheck.bench.bottleneck import bottleneck
from rigcheck.bench.bottleneck_grounds import Grounds
from rigcheck.bench.conclusions import BottleneckKind
from rigcheck.bench.grounds import grounds_of
from rigcheck.bench.judge import concluded
from rigcheck.bench.orders import MeasureWaits, Order, Prepare, Train
from rigcheck.bench.plan import BenchDevice
from rigcheck.bench.record import DeviceRecord
from rigcheck.bench.result import BenchRun, Outcome
from rigcheck.bench.tier import Tier
from rigcheck.bench.wire_events import WireEvent, decode
from rigcheck.facts import Cpu, Found, Rig, value_of
from rigcheck.probes.nvml import PROBE as NVML_PROBE
from rigcheck.probes.probe import ProbeContext
from rigcheck.target.session import Session
from rigcheck.target.training_data import to_device
from rigcheck.target.wire import Wire
from rigcheck.target.wish import Wish
from tests.bench.runs import interpreter, make_plan, result_of
from tests.nvml.fake import PlugInNvml

BOTH = (Tier.IN_MEMORY, Tier.AS_WRITTEN)


def machine(cores: int) -> Rig:
    return Rig(cpu=Cpu(usable_cores=Found(cores, "test"), usable_threads=Found(cores, "test")))


def calm_grounds(rig: Rig, run: BenchRun) -> Grounds:
    """Those of the first device, as if nobody else had used the machine that runs this test."""
    device = msgspec.structs.replace(
        run.devices[0],
        blocks=tuple(
            msgspec.structs.replace(b, cores_of_others=0.0) for b in run.devices[0].blocks
        ),
    )
    return grounds_of(rig, run, device)


def test_a_slow_loader(tmp_path: Path) -> None:
    pytest.importorskip("torchvision")
    python = interpreter(
        tmp_path,
        """
        import time
        import torchvision.transforms.functional as functional
        plain = functional.to_tensor
        def slow(image):
            time.sleep(0.002)
            return plain(image)
        functional.to_tensor = slow
        """,
    )
    run = result_of(make_plan(python=python, tiers=BOTH, training_s=2.0))
    assert run.devices[0].tiers[0].why_not == ""
    found = bottleneck(calm_grounds(machine(1), run))
    assert found.kind is BottleneckKind.INPUT_PIPELINE, found.sentence


def test_one_thread_where_there_are_two_cores() -> None:
    run = result_of(make_plan(threads=1, training_s=1.0))
    found = bottleneck(calm_grounds(machine(2), run))
    assert found.kind is BottleneckKind.HOST_THREADS
    assert found.sentence == "1 thread computes where 2 cores may be used"
    assert "--threads 2" in found.advice


def test_a_step_that_waits_for_a_device_which_answers_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each number asked for takes 30 ms; what trains in the GPU's name is the CPU."""
    pytest.importorskip("torchvision")
    plain = torch.Tensor.item

    def late(number: torch.Tensor) -> Any:
        time.sleep(0.03)
        return plain(number)

    monkeypatch.setattr(torch.Tensor, "item", late)
    device = BenchDevice(device="cuda:0", label="GPU 0", name="a GPU", identity="")
    record = DeviceRecord(make_plan(tiers=BOTH), device, 0.0)
    for event in events_of_session(
        tmp_path / "wire",
        *(Prepare(form=tier) for tier in BOTH),
        *(Train(form=tier, turn=turn, duration_s=0.3) for turn in range(3) for tier in BOTH),
        MeasureWaits(),
    ):
        record.take(event)
    run = BenchRun(
        started_at="", devices=(record.finish(Outcome.DONE, None),), speed_ups=(), samples=()
    )
    found = bottleneck(calm_grounds(machine(2), run))
    assert found.kind is BottleneckKind.SYNCS, found.sentence


def events_of_session(path: Path, *orders: Order) -> Iterator[WireEvent]:
    """What a worker's session says while it obeys, here in this process on one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    wish = Wish("cpu", 100, seed=0, threads=1, epochs=None, data_dir=None, download=False)
    cpu = torch.device("cpu")
    with path.open("wb") as file:
        wire = Wire(file.fileno(), orders_fd=-1)
        session = Session(wire, wish, cpu, to_device(None, cpu))
        for order in orders:
            session.obey(msgspec.to_builtins(order))
    torch.set_num_threads(before)
    for line in path.read_text().splitlines():
        event = json.loads(line)
        if event["event"] != "stage":
            yield decode(event)


@contextlib.contextmanager
def busy_neighbours(count: int) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            neighbour = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.callback(neighbour.wait)
            stack.callback(neighbour.kill)
        yield


def test_a_busy_neighbour() -> None:
    with busy_neighbours(2):
        run = result_of(make_plan(threads=1, training_s=2.0))
    found = bottleneck(grounds_of(machine(1), run, run.devices[0]))
    assert found.kind is BottleneckKind.OTHER_PROGRAMS
    assert "of 1 CPU" in found.sentence


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [("thermal", "hardware thermal slowdown"), ("power-brake", "power brake")],
)
def test_a_clock_that_something_holds_down(
    plug_in_nvml: PlugInNvml, scenario: str, reason: str
) -> None:
    """The meters are the fake driver's; what trains in the GPU's name is the CPU."""
    plug_in_nvml(scenario, "gpu 0 clock_1_mhz 600")
    nvml = NVML_PROBE.run(ProbeContext(python=sys.executable, data_dir=Path()))
    rig = msgspec.structs.replace(machine(2), nvml=nvml)
    (gpu,) = value_of(rig.nvml.gpus) or ()
    device = BenchDevice(
        device="cpu:0", label="GPU 0", name="a GPU", identity=value_of(gpu.uuid) or ""
    )
    run = concluded(rig, result_of(make_plan(devices=(device,), training_s=3.0)))
    found = run.devices[0].bottleneck
    assert found is not None
    assert found.kind is BottleneckKind.CLOCKS, found.sentence
    assert reason in found.sentence
    energy = run.devices[0].energy
    assert energy is not None
    assert energy.images_per_j > 0


def test_a_run_without_anything_measured_concludes_nothing() -> None:
    nowhere = BenchDevice(device="xpu:63", label="GPU 63", name="none", identity="")
    run = concluded(machine(1), result_of(make_plan(devices=(nowhere,))))
    assert run.devices[0].bottleneck is None
