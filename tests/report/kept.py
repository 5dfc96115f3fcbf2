"""Reports to be kept, with as much in them as a test looks at."""

from typing import Any

import msgspec

from rigcheck.bench.result import BenchRun, Block, Data, DataKind, DeviceRun, Outcome, Rate
from rigcheck.facts import Host, Nvml, Rig
from rigcheck.findings import Finding, Verdict
from rigcheck.monitor.sample import Sample
from rigcheck.report.report import Report, make_report
from tests.rules.rigs import found, gpu, rtx_4090

UUID_0 = "GPU-0a1b2c3d-0000-4000-8000-00000000000a"
UUID_1 = "GPU-0a1b2c3d-0000-4000-8000-00000000000b"
MNIST = Data(kind=DataKind.MNIST, path="/home/ada/mnist", train_images=60_000, test_images=10_000)
DIGITS = msgspec.structs.replace(MNIST, kind=DataKind.BUILT_IN_DIGITS, path="")
SLOW_LINK = Finding(
    id="pcie-link-degraded", verdict=Verdict.WARN, headline="GPU 0 runs on x4", group="benchmark"
)


def rate(images_per_s: float, half_width: float = 0.01, blocks: int = 40) -> Rate:
    """With an interval of this share to either side."""
    return Rate(
        images_per_s=images_per_s,
        low_images_per_s=images_per_s * (1 - half_width),
        high_images_per_s=images_per_s * (1 + half_width),
        best_images_per_s=images_per_s * 1.1,
        blocks=blocks,
    )


def trained(label: str = "CPU", speed: Rate | None = None, **changes: Any) -> DeviceRun:
    """A device that trained for eight seconds."""
    is_cpu = label == "CPU"
    number = label.rpartition(" ")[2]
    blocks = tuple(
        Block(start_at_s=i, end_at_s=i + 1, images=16_000, epoch=1, loss=0.1) for i in range(8)
    )
    run = DeviceRun(
        device="cpu" if is_cpu else f"cuda:{number}",
        label=label,
        name="AMD Ryzen 9 7950X" if is_cpu else "NVIDIA GeForce RTX 4090",
        identity="" if is_cpu else (UUID_0, UUID_1)[int(number)],
        outcome=Outcome.DONE,
        error="",
        hint="",
        stage="evaluation",
        python="/home/ada/venv/bin/python",
        torch_version="2.15.0+cu132",
        threads=16,
        batch_size=100,
        data=MNIST,
        warm_up_s=0.1,
        rate=speed or rate(16_000),
        epoch_s=3.75,
        blocks=blocks,
        epochs=(),
        evaluation=None,
    )
    return msgspec.structs.replace(run, **changes)


def rig(**parts: Any) -> Rig:
    """A desktop of a known name, with one card whose UUID is as real ones are."""
    named = msgspec.structs.replace(rtx_4090().host, hostname=found("rig"))
    card = msgspec.structs.replace(gpu(), uuid=found(UUID_0))
    nvml = Nvml(driver_version=found("580.95.05"), gpus=found((card,)))
    return msgspec.structs.replace(rtx_4090(), **{"host": named, "nvml": nvml, **parts})


def report(
    *devices: DeviceRun,
    created_at: str = "2026-11-23T03:56:05Z",
    facts: Rig | None = None,
    samples: tuple[Sample, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> Report:
    """Of a benchmark, or of a check where no device trained."""
    bench = BenchRun(started_at=created_at, devices=devices, speed_ups=(), samples=samples)
    whole = make_report(
        rig=facts or rig(),
        probes=(),
        findings=findings,
        check_duration_s=0.1,
        bench=bench if devices else None,
    )
    return msgspec.structs.replace(whole, created_at=created_at)


def on_host(name: str) -> Rig:
    """The same desktop under another name."""
    return rig(host=Host(hostname=found(name)))
