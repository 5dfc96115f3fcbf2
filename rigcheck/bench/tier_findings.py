"""What the tiers of a run say of the machine, from the same grounds as the bottleneck.

That LeNet at batch 100 waits for its data loader, and on a GPU for the host's launches, is so on
every healthy machine: it is told, and passes. A warning is for what is far beyond that.
"""

import math
from collections.abc import Iterator, Sequence

from rigcheck.bench.bottleneck_grounds import Grounds, evidence_of, told_rate, without_loader
from rigcheck.bench.result import Rate
from rigcheck.findings import Evidence, Finding, Remedy, Verdict

_STARVED = 0.1
"""Of what it could take. Four workers decode some 25,000 to 100,000 images a second, recent GPUs
learn from 100,000 to 170,000 launch by launch: a sixth to a half is usual."""
_SLOW_LAUNCH_S = 30e-6
"""Usual are 2 to 10 µs with torch's own work, some more under Windows' driver model."""

_LOADER_LINK = "https://pytorch.org/docs/stable/data.html#multi-process-data-loading"
_LAUNCH_LINK = "https://pytorch.org/blog/accelerating-pytorch-with-cuda-graphs/"
_THREADS_LINK = "https://pytorch.org/docs/stable/notes/cpu_threading_torchscript_inference.html"
_SPEED_LINK = "https://pytorch.org/docs/stable/notes/faq.html"


def judge_tiers(label: str, grounds: Grounds) -> tuple[Finding, ...]:
    """`slow-input-pipeline`, `launch-bound` and the threads' findings of one device.

    Args:
        label: the device's, as people name it.
        grounds: what is known of its training. What is not known is not judged.
    """
    return (
        *_judge_loader(label, grounds),
        *_judge_launches(label, grounds),
        *_judge_threads(label, grounds),
    )


def judge_against_cpu(label: str, gpu: Rate | None, cpu: Rate | None) -> tuple[Finding, ...]:
    """`gpu-slower-than-cpu`, from the in-memory tier of both: as written, both wait for the same.

    Nothing where one of them was not measured.
    """
    if gpu is None or cpu is None:
        return ()
    is_slower = gpu.high_images_per_s < cpu.low_images_per_s
    word = "more slowly than" if is_slower else "no more slowly than"
    evidence = [f"{label}: {told_rate(gpu)}", f"CPU: {told_rate(cpu)}"]
    return (
        _finding(
            "gpu-slower-than-cpu",
            label,
            f"{label} trains LeNet {word} the CPU",
            evidence=evidence,
            link=_SPEED_LINK,
            remedy=Remedy(
                text="Small networks may train on the CPU here. If the GPU is faster by its make, "
                "see what holds it back: heat, power, its slot, another program",
                commands=("nvidia-smi -q -d PERFORMANCE,CLOCK,POWER", "rigcheck bench --full"),
                verify="rigcheck bench",
            )
            if is_slower
            else None,
        ),
    )


def _judge_loader(label: str, g: Grounds) -> Iterator[Finding]:
    slow, fast = g.as_written, without_loader(g)
    if slow is None or fast is None:
        return
    share = slow.images_per_s / fast.images_per_s
    ready = [] if g.waiting is None else [f"on batches that lie ready: {told_rate(fast)}"]
    is_starved = slow.high_images_per_s < fast.low_images_per_s * _STARVED
    yield _finding(
        "slow-input-pipeline",
        label,
        f"the data loader starves {label}: it feeds {share:.0%} of what could be trained on"
        if is_starved
        else f"the data loader feeds {label} {min(share, 1.0):.0%} of what it could train on",
        evidence=[*(evidence.text for evidence in evidence_of(g)), *ready],
        link=_LOADER_LINK,
        remedy=Remedy(
            text="See whether the data lies on a slow disk or a network, whether the workers have "
            "cores of their own, and whether a control group limits them; small data belongs into "
            "memory",
            commands=("top -b -n 1 | head -n 15", "rigcheck check --only cpu --only storage"),
            verify="rigcheck bench",
        )
        if is_starved
        else None,
    )


def _judge_launches(label: str, g: Grounds) -> Iterator[Finding]:
    slow, fast = g.in_memory, g.peak
    if g.device == "cpu" or slow is None or fast is None:
        return
    is_slow = g.launch_s is not None and g.launch_s > _SLOW_LAUNCH_S
    is_bound = slow.high_images_per_s < fast.low_images_per_s
    is_wrong = is_slow and is_bound
    times = fast.images_per_s / slow.images_per_s
    launch = [] if g.launch_s is None else [f"one launch: {g.launch_s * 1e6:.1f} µs"]
    yield _finding(
        "launch-bound",
        label,
        f"the host takes {(g.launch_s or 0.0) * 1e6:.0f} µs a launch, and {label} waits for it"
        if is_wrong
        else f"{label} trains LeNet {times:.1f}× as fast without the host's launches",
        evidence=[*(evidence.text for evidence in evidence_of(g)), *launch],
        link=_LAUNCH_LINK,
        remedy=Remedy(
            text="Let the processor clock up (its governor, its power plan), end what else uses "
            "the core, and take out what looks at every call: profilers, debuggers, "
            "CUDA_LAUNCH_BLOCKING",
            commands=(
                "cat /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
                "env | grep CUDA",
            ),
            verify="rigcheck bench --full",
        )
        if is_wrong
        else None,
    )


def _judge_threads(label: str, g: Grounds) -> Iterator[Finding]:
    """More threads than CPUs, and more than a quota grants; a user may have asked for them."""
    if g.device != "cpu" or g.threads is None:
        return
    crowd = [f"threads {g.threads}, cores {_told(g.cores)}, CPUs {_told(g.cpus)}"]
    if g.workers is not None:
        crowd.append(f"{g.workers} loader processes beside them in the as-written tier")
    if g.cpus is not None:
        yield _threads("cpu-threads-oversubscribed", label, g.threads, g.cpus, crowd)
    if g.quota_cpus is not None:
        granted = math.ceil(g.quota_cpus)
        crowd = [*crowd, f"CPUs that the cgroup grants: {g.quota_cpus:g}"]
        yield _threads("cgroup-limits-cpu", label, g.threads, granted, crowd)


def _threads(
    finding_id: str, label: str, threads: int, cpus: int, evidence: Sequence[str]
) -> Finding:
    is_over = threads > cpus
    what = (
        f"{threads} threads share {cpus} CPUs" if is_over else f"{threads} threads on {cpus} CPUs"
    )
    return _finding(
        finding_id,
        label,
        f"LeNet trained with {what}",
        evidence=evidence,
        link=_THREADS_LINK,
        remedy=Remedy(
            text="Threads that share a CPU wait for each other at the end of each operation",
            commands=(f"export OMP_NUM_THREADS={cpus}",),
            verify="rigcheck bench --device cpu",
        )
        if is_over
        else None,
    )


def _finding(
    finding_id: str,
    label: str,
    headline: str,
    *,
    evidence: Sequence[str],
    link: str,
    remedy: Remedy | None,
) -> Finding:
    """A warning where there is a remedy."""
    return Finding(
        id=finding_id,
        verdict=Verdict.PASS if remedy is None else Verdict.WARN,
        headline=headline,
        group="benchmark",
        subject=label,
        evidence=tuple(Evidence(text, "benchmark") for text in evidence),
        remedy=remedy,
        link=link,
    )


def _told(n: int | None) -> str:
    return "unknown" if n is None else str(n)
