"""A report that has something of everything, with foreign text wherever a report may hold it."""

import msgspec

from rigcheck.advice import Advice, Counsel, Fit, Room
from rigcheck.bench.ceiling import Ceiling, CeilingName, CeilingShare
from rigcheck.bench.conclusions import Bottleneck, BottleneckKind, Energy, EnergySource
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
    Ratio,
    SpeedUp,
    TierRun,
    Waits,
)
from rigcheck.bench.tier import Tier
from rigcheck.environments import EnvironmentFacts
from rigcheck.facts import (
    Cpu,
    Found,
    Gpu,
    GpuProcess,
    Host,
    Nvml,
    ProcessKind,
    PythonEnv,
    Rig,
    Torch,
)
from rigcheck.findings import Evidence, Finding, Remedy, Verdict
from rigcheck.monitor.sample import GpuSample, Sample, SamplerCost
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.report.report import Report, make_report

UUID = "GPU-8f3a2b1c-1111-2222-3333-444455556666"


def whole_report(foreign: str = "as found", name: str = "NVIDIA GeForce GTX 960") -> Report:
    """One of everything; `foreign` and `name` stand wherever somebody else chose the words."""
    return make_report(
        rig=_rig(foreign, name),
        probes=(
            ProbeOutcome(part="cpu", duration_s=0.1),
            ProbeOutcome(part="network", duration_s=5.0, error=foreign),
        ),
        findings=_findings(foreign),
        check_duration_s=1.5,
        bench=_bench(foreign, name),
        environments=(
            EnvironmentFacts(
                interpreter=f"/opt/{foreign}/bin/python",
                python=PythonEnv(version=Found("3.11.7", foreign)),
            ),
        ),
    )


def advised_report(foreign: str = "as found") -> Report:
    """What a machine without torch is told; `foreign` stands in every text of it."""
    remedy = Remedy(text=foreign, commands=(foreign, "pip install torch"), verify=foreign)
    fits = tuple(
        Fit(
            gpu=gpu,
            workload=workload,
            needs_bytes=needs_gib << 30,
            has_bytes=4 << 30,
            room=room,
            source=foreign,
        )
        for gpu in ("GPU 0", "GPU 1")
        for workload, needs_gib, room in (("LeNet", 1, Room.FITS), (foreign, 9, Room.TOO_LARGE))
    )
    counsels = (
        Counsel(topic="driver", text=foreign, sources=(foreign, "https://example.org/driver")),
        Counsel(topic="PyTorch", text=f"Install it, {foreign}", remedy=remedy),
        Counsel(topic="CPU", text="It has what torch needs"),
        Counsel(topic="CPU", text=foreign),
        Counsel(topic=foreign, text=foreign),
    )
    return msgspec.structs.replace(
        whole_report(foreign, foreign),
        bench=None,
        environments=(),
        advice=Advice(counsels=counsels, fits=fits),
    )


def shared(report: Report) -> Report:
    """The same as one from which something was removed."""
    return msgspec.structs.replace(report, removed=("host names",))


def _rig(foreign: str, name: str) -> Rig:
    process = GpuProcess(
        pid=4711,
        kind=ProcessKind.COMPUTE,
        memory_used_bytes=Found(1 << 30, "NVML"),
        name=Found(foreign, "NVML"),
    )
    gpu = Gpu(
        index=0,
        uuid=Found(UUID, "NVML"),
        name=Found(name, "NVML"),
        temperature_c=Found(41.0, "NVML"),
        power_w=Found(31.5, "NVML"),
        memory_total_bytes=Found(2 << 30, "NVML"),
        memory_used_bytes=Found(1 << 28, "NVML"),
        ecc_uncorrected_volatile=Found(0, "NVML"),
        processes=Found((process,), "NVML"),
    )
    return Rig(
        host=Host(hostname=Found(foreign, "uname"), distribution=Found(foreign, "/etc/os-release")),
        cpu=Cpu(model=Found(foreign, foreign)),
        nvml=Nvml(gpus=Found((gpu,), "NVML")),
        torch=Torch(version=Found("2.9.1", foreign)),
    )


def _findings(foreign: str) -> tuple[Finding, ...]:
    remedy = Remedy(text=foreign, commands=(foreign, "sudo apt-get install x"), verify=foreign)
    root = Finding(
        id="driver-older-than-cuda",
        verdict=Verdict.FAIL,
        headline=f"the driver is too old: {foreign}",
        group="driver",
        subject=foreign,
        evidence=(Evidence(foreign, foreign),),
        remedy=remedy,
        link=foreign,
    )
    return (
        root,
        Finding(
            id="cuda-does-not-start",
            verdict=Verdict.FAIL,
            headline=foreign,
            group="torch",
            caused_by=root.id,
            environment=f"/opt/{foreign}/bin/python",
        ),
        Finding(id="shm-too-small", verdict=Verdict.WARN, headline=foreign, group="memory"),
        Finding(id="vbios-unknown", verdict=Verdict.UNKNOWN, headline=foreign, group="nvml"),
        Finding(id="disk-full", verdict=Verdict.PASS, headline=foreign, group="storage"),
        Finding(id="wsl-driver", verdict=Verdict.SKIP, headline=foreign, group="host"),
    )


def _rate(images_per_s: float) -> Rate:
    return Rate(
        images_per_s=images_per_s,
        low_images_per_s=images_per_s * 0.97,
        high_images_per_s=images_per_s * 1.02,
        best_images_per_s=images_per_s * 1.05,
        blocks=12,
    )


def _device(device: str, label: str, name: str, foreign: str, images_per_s: float) -> DeviceRun:
    blocks = tuple(
        Block(
            start_at_s=at + 0.1,
            end_at_s=at + 0.9,
            images=int(images_per_s * 0.8),
            epoch=0,
            loss=1.0 / (at + 1),
        )
        for at in range(12)
    )
    evaluation = Evaluation(images=10_000, duration_s=0.2, loss=0.05, accuracy=0.985)
    return DeviceRun(
        device=device,
        label=label,
        name=name,
        identity=UUID if device != "cpu" else "",
        price=250.0,
        outcome=Outcome.DONE,
        error=foreign,
        hint=foreign,
        details=f"Traceback\n{foreign}",
        stage="training",
        python="/usr/bin/python3",
        torch_version="2.9.1",
        threads=4 if device == "cpu" else None,
        batch_size=100,
        data=Data(kind=DataKind.BUILT_IN_DIGITS, path="", train_images=60_000, test_images=10_000),
        warm_up_s=0.4,
        rate=_rate(images_per_s),
        epoch_s=60_000 / images_per_s,
        blocks=blocks,
        epochs=(Epoch(number=0, duration_s=6.0, train_loss=0.4, train_accuracy=0.9),),
        evaluation=evaluation,
        tiers=(
            TierRun(
                tier=Tier.AS_WRITTEN,
                how=foreign,
                why_not=foreign,
                warm_up_s=0.2,
                rate=_rate(images_per_s / 2),
                of_in_memory=Ratio(ratio=0.5, low=0.48, high=0.52, turns=5),
                blocks=(),
                epochs=(),
                first_epoch=None,
                evaluation=None,
            ),
        ),
        waits=Waits(
            images_per_s=images_per_s * 0.7,
            of_in_memory=Ratio(ratio=0.7, low=0.68, high=0.72, turns=15),
            as_written_a_step=4.0,
            in_memory_a_step=0.0,
        ),
        ceilings=(
            Ceiling(
                name=CeilingName.PRODUCT,
                dtype="float32",
                size=(4096, 4096, 4096),
                blocks=7,
                flop_per_s=2.2e12,
                best_flop_per_s=2.3e12,
                is_used_by_training=True,
            ),
            Ceiling(name=CeilingName.COPY, variant="memory", problem=foreign),
        ),
        ceiling_share=CeilingShare(
            share=0.21, limit_images_per_s=images_per_s / 0.21, dtype="float32", threads=None
        ),
        bottleneck=Bottleneck(
            device=device,
            kind=BottleneckKind.LAUNCHES,
            sentence=foreign,
            evidence=(Evidence(foreign, foreign),),
            advice=foreign,
        ),
        energy=Energy(
            images_per_j=160.0,
            energy_j=900.0,
            duration_s=9.0,
            images=144_000.0,
            mean_power_w=100.0,
            active_share=0.99,
            source=EnergySource.GPU_COUNTER,
        ),
        refused=(foreign,),
    )


def _bench(foreign: str, name: str) -> BenchRun:
    devices = (
        _device("cpu", "CPU", foreign, foreign, 2_500.0),
        _device("cuda:0", "GPU 0", name, foreign, 16_400.0),
    )
    return BenchRun(
        started_at="2026-11-22T18:04:05Z",
        devices=devices,
        speed_ups=(
            SpeedUp(
                device="cuda:0",
                baseline="cpu",
                ratio=6.56,
                low=6.3,
                high=6.8,
                sentence="GPU 0 trains LeNet 6.6× as fast as the CPU",
            ),
        ),
        samples=tuple(_sample(time_s) for time_s in range(13)),
        samples_problem=foreign,
        sampler_cost=SamplerCost(cpu_share=0.004, samples=13, missed=0),
    )


def _sample(time_s: int) -> Sample:
    gpu = GpuSample(
        gpu=UUID,
        utilization_percent=float(40 + time_s),
        power_w=80.0 + time_s,
        # A gap where the meter did not answer.
        temperature_c=None if time_s == 5 else 40.0 + time_s,
        memory_used_bytes=1 << 30,
        sm_clock_mhz=1_200.0,
        memory_clock_mhz=3_505.0,
    )
    return Sample(
        time_s=float(time_s),
        cpu_percent=50.0,
        cpu_temperature_c=60.0,
        cpu_frequency_mhz=3_900.0,
        memory_used_bytes=4 << 30,
        gpus=(gpu,),
    )
