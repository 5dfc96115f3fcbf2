"""Literal runs to show: what a check and a benchmark would tell."""

import threading
from collections.abc import Iterator

import msgspec

from rigcheck.bench import events
from rigcheck.bench.events import BenchEvent
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import (
    BenchRun,
    Block,
    Data,
    DataKind,
    DeviceRun,
    Epoch,
    Evaluation,
    Outcome,
    Rate,
    SpeedUp,
)
from rigcheck.check_events import CheckEvent, CheckFinished, ProbeFinished, ProbeStarted
from rigcheck.facts import Absent, Cpu, Found, Host, Memory, Reason, Rig, Torch
from rigcheck.findings import Evidence, Finding, Remedy, Verdict
from rigcheck.monitor.sample import GpuSample, Sample
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.terminal import Terminal
from rigcheck.tui.session import Options

GIB = 1 << 30
TERMINAL = Terminal(
    stdin_is_tty=True,
    stdout_is_tty=True,
    stderr_is_tty=True,
    kind="xterm-256color",
    columns=80,
    lines=24,
    encoding="utf-8",
)

HOST = Host(
    hostname=Found("athlon-box", "gethostname"),
    distribution=Found("Ubuntu 24.04.3 LTS", "/etc/os-release"),
    kernel_release=Found("6.8.0-45-generic", "uname"),
    over_ssh=Found(value=True, source="SSH_CONNECTION"),
)
CPU = Cpu(model=Found("AMD Athlon X4 760K", "/proc/cpuinfo"), cores=Found(4, "/sys/devices"))
MEMORY = Memory(
    total_bytes=Found(20 * GIB, "/proc/meminfo"),
    limit_bytes=Absent(Reason.NO_PERMISSION, "/sys/fs/cgroup/memory.max"),
)
TORCH = Torch(version=Found("2.15.0+cu132", "/opt/dl/bin/python"))
RIG = Rig(host=HOST, cpu=CPU, memory=MEMORY, torch=TORCH)

INSTALL = "/opt/dl/bin/python -m pip install torch==2.9.1 --index-url https://example.org/cu126"
NO_CODE = Finding(
    id="gpu-arch-not-in-wheel",
    verdict=Verdict.FAIL,
    headline="GPU 0 cannot run this torch: its wheel has no code for sm_52",
    group="torch",
    evidence=(Evidence("GPU 0 has compute capability 5.2", "NVML, 0000:01:00.0"),),
    remedy=Remedy(
        text="Install the last torch with code for this GPU",
        commands=(INSTALL,),
        verify="rigcheck check --only torch",
    ),
    link="https://example.org/wheels",
)
FOLLOWS = Finding(
    id="gpu-call-fails",
    verdict=Verdict.FAIL,
    headline="The first kernel on GPU 0 does not run",
    group="torch",
    caused_by="gpu-arch-not-in-wheel",
)
NO_AVX2 = Finding(
    id="cpu-lacks-instructions",
    verdict=Verdict.WARN,
    headline="The CPU has no AVX2",
    group="cpu",
)
SHM_FINE = Finding(
    id="shm-too-small",
    verdict=Verdict.PASS,
    headline="shared memory is large enough",
    group="memory",
)
FINDINGS = (NO_CODE, FOLLOWS, NO_AVX2, SHM_FINE)
TITLES = {"torch": "PyTorch", "cpu": "CPU", "memory": "Memory", "host": "Host"}


def check_events(
    rig: Rig = RIG, findings: tuple[Finding, ...] = FINDINGS, parts: tuple[str, ...] = tuple(TITLES)
) -> Iterator[CheckEvent]:
    """A whole check; the host answers first, torch last."""
    yield from (ProbeStarted(part=part, title=TITLES[part]) for part in parts)
    known = Rig()
    outcomes = []
    for part in reversed(parts):
        known = msgspec.structs.replace(known, **{part: getattr(rig, part)})
        outcomes.append(ProbeOutcome(part=part, duration_s=0.25))
        told = tuple(f for f in findings if f.group in {o.part for o in outcomes})
        yield ProbeFinished(outcome=outcomes[-1], rig=known, findings=told)
    yield CheckFinished(rig=rig, findings=findings, probes=tuple(outcomes), duration_s=2.5)


def device(index: int | None = None, name: str = "NVIDIA GeForce GTX 960") -> BenchDevice:
    """The CPU, or a GPU by its number."""
    if index is None:
        return BenchDevice(device="cpu", label="CPU", name="AMD Athlon X4 760K", identity="")
    return BenchDevice(
        device=f"cuda:{index}", label=f"GPU {index}", name=name, identity=f"GPU-{index}"
    )


def plan(n_gpus: int = 1) -> BenchPlan:
    """The CPU and so many GPUs, ten seconds each."""
    return BenchPlan(python="py", devices=(device(), *(device(i) for i in range(n_gpus))))


DATA = Data(kind=DataKind.MNIST, path="/data", train_images=60_000, test_images=10_000)
EVALUATION = Evaluation(images=10_000, duration_s=0.5, loss=0.1, accuracy=0.968)


def rate(images_per_s: float) -> Rate:
    """±2 %."""
    return Rate(
        images_per_s=images_per_s,
        low_images_per_s=images_per_s * 0.98,
        high_images_per_s=images_per_s * 1.02,
        best_images_per_s=images_per_s * 1.05,
        blocks=2,
    )


def block(start_at_s: float, images_per_s: float, loss: float | None = 0.5) -> Block:
    """One second."""
    return Block(
        start_at_s=start_at_s,
        end_at_s=start_at_s + 1,
        images=int(images_per_s),
        epoch=1,
        loss=loss,
    )


def device_run(
    on: BenchDevice,
    *,
    outcome: Outcome = Outcome.DONE,
    error: str = "",
    hint: str = "",
    images_per_s: float | None = 16_400.0,
) -> DeviceRun:
    """How training on a device ended."""
    return DeviceRun(
        device=on.device,
        label=on.label,
        name=on.name,
        identity=on.identity,
        outcome=outcome,
        error=error,
        hint=hint,
        stage="training",
        python="py",
        torch_version="2.15.0",
        threads=4,
        batch_size=100,
        data=DATA,
        warm_up_s=0.5,
        rate=rate(images_per_s) if images_per_s else None,
        epoch_s=60_000 / images_per_s if images_per_s else None,
        blocks=(),
        epochs=(),
        evaluation=EVALUATION if outcome is Outcome.DONE else None,
    )


def sample(time_s: float, gpu: str = "GPU-0") -> Sample:
    """The GPU at work, the CPU at a quarter."""
    return Sample(
        time_s=time_s,
        cpu_percent=25.0,
        cpu_percent_per_core=(70.0, 10.0, 10.0, 10.0),
        memory_used_bytes=3 * GIB,
        gpus=(
            GpuSample(
                gpu=gpu,
                utilization_percent=97.0,
                memory_used_bytes=GIB,
                power_w=82.0,
                temperature_c=64.0,
            ),
        ),
    )


def started(on: BenchDevice) -> events.DeviceStarted:
    """A worker for this device was started."""
    return events.DeviceStarted(
        device=on.device, label=on.label, name=on.name, identity=on.identity
    )


def training_events(on: BenchDevice, from_s: float, images_per_s: float) -> Iterator[BenchEvent]:
    """One device from start to end, in five seconds."""
    yield started(on)
    yield events.StageEntered(device=on.device, stage="import torch")
    yield events.SampleTaken(sample=sample(from_s))
    yield events.StageEntered(device=on.device, stage="training")
    for i in (1, 2):
        yield events.BlockMeasured(
            device=on.device, block=block(from_s + i, images_per_s), progress=i / 2
        )
        yield events.SampleTaken(sample=sample(from_s + i))
    epoch = Epoch(number=1, duration_s=2.0, train_loss=0.4, train_accuracy=0.91)
    yield events.EpochFinished(device=on.device, epoch=epoch)
    yield events.Evaluated(device=on.device, evaluation=EVALUATION)
    yield events.DeviceFinished(run=device_run(on, images_per_s=images_per_s))


SPEED_UP = SpeedUp(
    device="cuda:0",
    baseline="cpu",
    ratio=6.2,
    low=6.0,
    high=6.4,
    sentence="GPU 0 trains LeNet 6.2× as fast as the CPU",
)


def bench_events(of: BenchPlan) -> Iterator[BenchEvent]:
    """A whole benchmark, in no time."""
    runs = []
    for index, on in enumerate(of.devices):
        images_per_s = 16_400.0 if on.device == "cpu" else 101_000.0
        yield from training_events(on, index * 5.0, images_per_s)
        runs.append(device_run(on, images_per_s=images_per_s))
    speed_ups = (SPEED_UP,) if len(runs) > 1 else ()
    yield events.SpeedUpsKnown(speed_ups=speed_ups)
    yield events.BenchFinished(
        run=BenchRun(started_at="", devices=tuple(runs), speed_ups=speed_ups, samples=())
    )


def until_stopped(of: BenchPlan, stop: threading.Event) -> Iterator[BenchEvent]:
    """A benchmark that trains on its first device until it is stopped."""
    yield from list(training_events(of.devices[0], 0.0, 16_400.0))[:-2]
    stop.wait()
    run = device_run(of.devices[0], outcome=Outcome.CANCELLED)
    yield events.DeviceFinished(run=run)
    yield events.BenchFinished(
        run=BenchRun(started_at="", devices=(run,), speed_ups=(), samples=())
    )


def options(n_gpus: int = 1, terminal: Terminal = TERMINAL) -> Options:
    """An interface that shows the whole check and the whole benchmark."""
    return Options(
        terminal=terminal,
        check=check_events,
        make_plan=lambda _rig: plan(n_gpus),
        bench=lambda of, _stop: bench_events(of),
    )
