"""Prometheus' text format, as node_exporter's textfile collector reads it.

https://prometheus.io/docs/instrumenting/exposition_formats/: base units, a metric's help and type
before its samples. What is unknown has no sample: an absent series is not zero.
"""

import calendar
import math
import time
from collections.abc import Iterable, Iterator

import msgspec

from rigcheck.bench.result import BenchRun, DeviceRun, Rate
from rigcheck.facts import Gpu, Rig, value_of
from rigcheck.findings import Finding, Verdict
from rigcheck.report.foreign import shown
from rigcheck.report.report import Report

_IN_MEMORY = "in-memory"


class _Metric(msgspec.Struct, frozen=True):
    name: str
    help: str
    samples: tuple[tuple[dict[str, str], float | None], ...]


def prometheus(report: Report) -> str:
    """The report as metrics, lines ended."""
    return "".join(f"{line}\n" for metric in _metrics(report) for line in _lines(metric))


def _lines(metric: _Metric) -> Iterator[str]:
    # A label's value comes once a metric, or the whole scrape is refused.
    samples = {
        _labels(labels): value
        for labels, value in metric.samples
        if value is not None and math.isfinite(value)
    }
    if not samples:
        return
    yield f"# HELP {metric.name} {metric.help}"
    yield f"# TYPE {metric.name} gauge"
    for labels, value in samples.items():
        yield f"{metric.name}{labels} {value!r}"


def _labels(labels: dict[str, str]) -> str:
    told = ",".join(f'{name}="{_label_value(value)}"' for name, value in labels.items())
    return f"{{{told}}}" if told else ""


def _label_value(text: str) -> str:
    return shown(text).replace("\\", "\\\\").replace('"', '\\"')


def _metrics(report: Report) -> Iterator[_Metric]:
    yield _one("rigcheck_info", "Always 1; which rigcheck told it.", 1.0,
               {"version": report.rigcheck_version})  # fmt: skip
    yield _one("rigcheck_report_timestamp_seconds", "When the report was made.",
               _unix_s(report.created_at))  # fmt: skip
    yield _one("rigcheck_check_duration_seconds", "How long the check took.",
               report.check_duration_s)  # fmt: skip
    yield _Metric(
        "rigcheck_findings",
        "How many findings have this verdict.",
        tuple(
            ({"verdict": v.value}, float(sum(f.verdict is v for f in report.findings)))
            for v in Verdict
        ),
    )
    yield _Metric(
        "rigcheck_finding",
        "1 for each finding that is neither pass nor skip.",
        tuple((_of_finding(finding), 1.0) for finding in _wrong(report.findings)),
    )
    yield from _of_gpus(report.rig)
    if report.bench is not None:
        yield from _of_bench(report.bench)


def _one(name: str, help_: str, value: float, labels: dict[str, str] | None = None) -> _Metric:
    return _Metric(name, help_, ((labels or {}, float(value)),))


def _wrong(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (f for f in findings if f.verdict not in (Verdict.PASS, Verdict.SKIP))


def _of_finding(finding: Finding) -> dict[str, str]:
    return {
        "id": finding.id,
        "verdict": finding.verdict.value,
        "group": finding.group,
        "subject": finding.subject,
        "environment": finding.environment,
        "caused_by": finding.caused_by or "",
    }


_GPU_FACTS = (
    ("temperature_c", "temperature_celsius", "Of the chip, at the check."),
    ("power_w", "power_watts", "At the check."),
    ("power_limit_enforced_w", "power_limit_watts", "The lowest of all limits in force."),
    ("memory_total_bytes", "memory_total_bytes", "Of the card's own memory."),
    ("memory_used_bytes", "memory_used_bytes", "Allocated, at the check."),
    ("pcie_width_now", "pcie_lanes", "In use, at the check."),
    ("pcie_replays", "pcie_replays", "Packets sent again since the driver was loaded."),
    ("ecc_corrected_volatile", "ecc_corrected_errors", "Since the driver was loaded."),
    ("ecc_uncorrected_volatile", "ecc_uncorrected_errors", "Since the driver was loaded."),
)


def _of_gpus(rig: Rig) -> Iterator[_Metric]:
    gpus = value_of(rig.nvml.gpus) or ()
    yield _Metric(
        "rigcheck_gpu_info",
        "Always 1; which GPU it is.",
        tuple(({**_of_gpu(gpu), "name": value_of(gpu.name) or ""}, 1.0) for gpu in gpus),
    )
    for field, name, help_ in _GPU_FACTS:
        samples = tuple((_of_gpu(gpu), value_of(getattr(gpu, field))) for gpu in gpus)
        yield _Metric(f"rigcheck_gpu_{name}", help_, samples)


def _of_gpu(gpu: Gpu) -> dict[str, str]:
    return {
        "gpu": str(gpu.index),
        "uuid": value_of(gpu.uuid) or "",
        "pci_bus_id": value_of(gpu.pci_bus_id) or "",
    }


def _of_bench(bench: BenchRun) -> Iterator[_Metric]:
    rates = tuple(_rates(bench))
    for name, help_, take in _RATES:
        samples = tuple((labels, getattr(rate, take)) for labels, rate in rates)
        yield _Metric(f"rigcheck_bench_images_per_second{name}", help_, samples)
    runs = tuple((_of_device(run), run) for run in bench.devices)
    yield _Metric(
        "rigcheck_bench_accuracy_ratio",
        "Share of the test images told right after training.",
        tuple((label, r.evaluation.accuracy if r.evaluation else None) for label, r in runs),
    )
    yield _Metric(
        "rigcheck_bench_ceiling_ratio",
        "The rate as a share of what the device's arithmetic allows.",
        tuple((label, r.ceiling_share.share if r.ceiling_share else None) for label, r in runs),
    )
    yield _Metric(
        "rigcheck_bench_images_per_joule",
        "In memory, in the longest turn.",
        tuple((label, r.energy.images_per_j if r.energy else None) for label, r in runs),
    )
    yield _Metric(
        "rigcheck_bench_speedup_ratio",
        "How many times as fast as the baseline.",
        tuple(
            ({"device": up.device, "baseline": up.baseline, "tier": up.tier.value}, up.ratio)
            for up in bench.speed_ups
        ),
    )


_RATES = (
    ("", "Training of LeNet; the median of the blocks.", "images_per_s"),
    ("_low", "Where its 95 % interval begins.", "low_images_per_s"),
    ("_high", "Where its 95 % interval ends.", "high_images_per_s"),
)


def _rates(bench: BenchRun) -> Iterator[tuple[dict[str, str], Rate]]:
    for run in bench.devices:
        if run.rate is not None:
            yield {**_of_device(run), "tier": _IN_MEMORY}, run.rate
        for tier in run.tiers:
            if tier.rate is not None:
                yield {**_of_device(run), "tier": tier.tier.value}, tier.rate


def _of_device(run: DeviceRun) -> dict[str, str]:
    return {"device": run.device, "name": run.name, "identity": run.identity}


def _unix_s(created_at: str) -> float:
    try:
        return float(calendar.timegm(time.strptime(created_at, "%Y-%m-%dT%H:%M:%SZ")))
    except ValueError:
        return math.nan  # a report that somebody else wrote
