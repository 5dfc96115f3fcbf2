"""Bottlenecks planted into real runs, each named rightly."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from rigcheck.bench.bottleneck import bottleneck
from rigcheck.bench.bottleneck_grounds import Grounds
from rigcheck.bench.conclusions import BottleneckKind
from rigcheck.bench.grounds import grounds_of
from rigcheck.bench.judge import concluded
from rigcheck.bench.plan import BenchDevice
from rigcheck.bench.result import BenchRun
from rigcheck.bench.tier import Tier
from rigcheck.facts import Cpu, Found, Rig, value_of
from rigcheck.probes.nvml import PROBE as NVML_PROBE
from rigcheck.probes.probe import ProbeContext
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
