"""Measured ceilings of a GPU against the figures that its model is sold with."""

from collections.abc import Iterator, Sequence

from rigcheck.bench.ceiling import Ceiling, CeilingName, find_ceiling
from rigcheck.bench.result import DeviceRun
from rigcheck.facts import Rig
from rigcheck.findings import Evidence, Finding, Remedy, Verdict
from rigcheck.knowledge.gpu_specs import GpuSpec, specs_of
from rigcheck.monitor.changes import gpu_changes
from rigcheck.monitor.sample import Sample
from rigcheck.rules.evidence import from_table
from rigcheck.rules.load_speed import Reached, judge_speed
from rigcheck.rules.watched import Watched, watched

_TERA, _GIGA = 1e12, 1e9
_LOW_POWER_W = 75
"""Cards that the slot alone feeds lower their clocks in every long product."""
_HEALTHY_PRODUCT, _HEALTHY_PRODUCT_LOW_POWER, _USUAL_PRODUCT = 0.35, 0.25, 0.6
_HEALTHY_COPY, _USUAL_COPY = 0.5, 0.75
_SOURCE = "measured with torch"
_TENSOR_FORMATS = ("float16", "bfloat16")
_LINK = "https://github.com/stas00/ml-engineering/blob/master/compute/accelerator/README.md"


def judge_published(
    rig: Rig, run: DeviceRun, ceilings: Sequence[Ceiling], samples: Sequence[Sample]
) -> tuple[Finding, ...]:
    """`below-published-speed` for a GPU; nothing for the CPU.

    Args:
        rig: the facts.
        run: names the device.
        ceilings: of that device.
        samples: those taken while its ceilings were measured, and no others.
    """
    if run.device == "cpu":
        return ()
    judgement = judge_speed(published_shares(run.name, ceilings), _seen(rig, run, samples))
    follows = judgement.follows or ()
    return (
        Finding(
            id="below-published-speed",
            verdict=judgement.verdict,
            headline=judgement.headline,
            group="benchmark",
            subject=run.label,
            evidence=judgement.evidence,
            remedy=judgement.remedy,
            link=_LINK,
            caused_by=follows[0] if follows else None,
        ),
    )


def judge_products(run: DeviceRun, ceilings: Sequence[Ceiling]) -> tuple[Finding, ...]:
    """`device-results-disagree`: are the device's products those of float64?"""
    products = [c for c in ceilings if c.name is CeilingName.PRODUCT and c.blocks]
    if not products:
        return ()
    wrong = [c for c in products if c.is_wrong]
    formats = ", ".join(dict.fromkeys(c.dtype for c in wrong or products))
    headline = (
        f"matrix products on {run.label} are wrong in {formats}"
        if wrong
        else f"matrix products on {run.label} are right in {formats}"
    )
    return (
        Finding(
            id="device-results-disagree",
            verdict=Verdict.FAIL if wrong else Verdict.PASS,
            headline=headline,
            group="benchmark",
            subject=run.label,
            evidence=tuple(_error_evidence(c) for c in wrong or products),
            remedy=Remedy(
                text="Lower the clocks and see whether it stays; then suspect the device's memory "
                "or its supply. With another torch it shows whether a library is at fault",
                commands=("rigcheck bench --full",),
            )
            if wrong
            else None,
            link=_LINK,
        ),
    )


def published_shares(name: str, ceilings: Sequence[Ceiling]) -> tuple[Reached, ...]:
    """Each measured ceiling that has a published figure; none for a model the table lacks.

    Where models share a name, the lowest of their figures counts.
    """
    specs = specs_of(name)
    return tuple(_shares(specs, ceilings)) if specs else ()


def _shares(specs: tuple[GpuSpec, ...], ceilings: Sequence[Ceiling]) -> Iterator[Reached]:
    spec = min(specs, key=lambda row: row.fp32_tflops)
    product = find_ceiling(ceilings, CeilingName.PRODUCT, dtype="float32")
    if product is not None and product.best_flop_per_s:
        tflops = product.best_flop_per_s / _TERA
        yield _product(spec, "float32 products", tflops, spec.fp32_tflops)
    tensor = [_tflops(ceilings, dtype) for dtype in _TENSOR_FORMATS]
    published = [s.fp16_tensor_tflops for s in specs if s.fp16_tensor_tflops is not None]
    if max(tensor) and len(published) == len(specs):
        yield _product(spec, "16-bit products", max(tensor), min(published))
    copy = find_ceiling(ceilings, CeilingName.COPY, "memory")
    if copy is not None and copy.best_bytes_per_s:
        slowest = min(specs, key=lambda row: row.memory_bandwidth_gb_per_s)
        yield _copy(slowest, copy.best_bytes_per_s / _GIGA)


def _tflops(ceilings: Sequence[Ceiling], dtype: str) -> float:
    """Volta emulates bfloat16, and old cards float16: the faster of both is the card's."""
    product = find_ceiling(ceilings, CeilingName.PRODUCT, dtype=dtype)
    return ((product.best_flop_per_s if product else None) or 0.0) / _TERA


def _product(spec: GpuSpec, what: str, tflops: float, published: float) -> Reached:
    is_low_power = spec.tdp_w <= _LOW_POWER_W
    return Reached(
        what=what,
        share=tflops / published,
        healthy_share=_HEALTHY_PRODUCT_LOW_POWER if is_low_power else _HEALTHY_PRODUCT,
        usual_share=_USUAL_PRODUCT,
        evidence=_pair(spec, what, f"{tflops:.1f} TFLOP/s", f"{published:g} TFLOP/s"),
    )


def _copy(spec: GpuSpec, gb_per_s: float) -> Reached:
    published = spec.memory_bandwidth_gb_per_s
    what = "copies in its memory"
    return Reached(
        what=what,
        share=gb_per_s / published,
        healthy_share=_HEALTHY_COPY,
        usual_share=_USUAL_COPY,
        evidence=_pair(spec, what, f"{gb_per_s:.0f} GB/s", f"{published:g} GB/s"),
    )


def _pair(spec: GpuSpec, what: str, measured: str, published: str) -> tuple[Evidence, ...]:
    return (
        Evidence(f"{what}: {measured}", _SOURCE),
        from_table(f"{spec.model} is sold with {published}", spec),
    )


def _seen(rig: Rig, run: DeviceRun, samples: Sequence[Sample]) -> Watched | None:
    changes = next((c for c in gpu_changes(samples) if c.gpu == run.identity), None)
    if changes is None:
        return None
    readings = tuple(g for sample in samples for g in sample.gpus if g.gpu == run.identity)
    return watched(rig, changes, readings)


def _error_evidence(product: Ceiling) -> Evidence:
    error = product.relative_error
    told = "no number" if error is None else f"{error:.1e}"
    return Evidence(
        f"{product.dtype}: relative error {told}, at most {product.error_bound:.0e} is rounding",
        _SOURCE,
    )
