from typing import Any

import msgspec
import pytest

from rigcheck.bench.ceiling import Ceiling, CeilingName
from rigcheck.bench.published import judge_products, judge_published, published_shares
from rigcheck.findings import Verdict
from rigcheck.monitor.sample import GpuSample, Sample
from tests.bench.test_ceiling import product
from tests.bench.test_health import run
from tests.rules.health_rigs import desktop_4090, full_4090
from tests.rules.rigs import found

RTX_4090 = "NVIDIA GeForce RTX 4090"


def copy(gb_per_s: float) -> Ceiling:
    rate = gb_per_s * 1e9
    return Ceiling(
        name=CeilingName.COPY,
        variant="memory",
        blocks=9,
        bytes_per_s=0.95 * rate,
        best_bytes_per_s=rate,
    )


def products(float32: float, float16: float, bfloat16: float) -> tuple[Ceiling, ...]:
    """In TFLOP/s."""
    return (
        product("float32", float32 * 1e12),
        product("float16", float16 * 1e12, error_bound=2e-3),
        product("bfloat16", bfloat16 * 1e12, error_bound=1e-2),
    )


def shares(name: str, *ceilings: Ceiling) -> dict[str, float]:
    return {r.what: round(r.share, 2) for r in published_shares(name, ceilings)}


def test_each_ceiling_is_held_against_its_own_figure() -> None:
    assert shares(RTX_4090, *products(58.0, 160.0, 158.0), copy(920)) == {
        "float32 products": 0.70,
        "16-bit products": 0.97,
        "copies in its memory": 0.91,
    }


def test_volta_emulates_bfloat16_so_the_faster_of_both_counts() -> None:
    v100 = shares("Tesla V100-SXM2-16GB", *products(14.0, 97.0, 9.6))
    assert v100["16-bit products"] == 0.78


def test_a_card_without_tensor_cores_has_no_such_figure() -> None:
    assert set(shares("NVIDIA GeForce GTX 960", *products(2.3, 0.04, 0.03))) == {"float32 products"}


def test_of_models_with_one_name_the_slowest_counts() -> None:
    both = shares("NVIDIA GeForce RTX 3080", product("float32", 20e12), copy(700))
    assert both == {"float32 products": 0.67, "copies in its memory": 0.92}


def test_a_model_that_the_table_lacks_has_no_shares() -> None:
    name = "NVIDIA A100-SXM4-40GB MIG 1g.5gb"
    assert published_shares(name, products(2.0, 30.0, 30.0)) == ()


@pytest.mark.parametrize(
    ("name", "ceilings"),
    [
        ("Tesla T4", (*products(3.9, 24.0, 3.0), copy(240))),
        ("NVIDIA A100-PCIE-40GB", (*products(17.8, 158.0, 160.0), copy(1350))),
        ("NVIDIA H200", (*products(51.0, 740.0, 760.0), copy(4300))),
        ("NVIDIA GeForce GTX 960", (product("float32", 2.2e12), copy(85))),
    ],
)
def test_figures_of_healthy_cards_pass(name: str, ceilings: tuple[Ceiling, ...]) -> None:
    (finding,) = judged(name, *ceilings)
    assert finding.verdict in (Verdict.PASS, Verdict.SKIP), finding.headline


def judged(name: str, *ceilings: Ceiling, reading: GpuSample | None = None, **facts: Any) -> Any:
    samples = [] if reading is None else [Sample(time_s=i / 4, gpus=(reading,)) for i in range(8)]
    device = msgspec.structs.replace(run("GPU-0", 0.0, 2.0), name=name)
    rig = desktop_4090(full_4090(sm_clock_max_mhz=found(3105), **facts))
    return judge_published(rig, device, ceilings, samples)


def test_a_capped_card_is_told_with_its_cause() -> None:
    capped = GpuSample(
        gpu="GPU-0",
        utilization_percent=100.0,
        sm_clock_mhz=1200.0,
        clocks_event_reasons=("power cap",),
    )
    (finding,) = judged(
        RTX_4090, *products(30.0, 80.0, 80.0), reading=capped, power_limit_enforced_w=found(150.0)
    )
    assert (finding.id, finding.verdict) == ("below-published-speed", Verdict.WARN)
    assert finding.caused_by == "power-or-clock-capped"
    assert finding.subject == "GPU 0"
    assert {e.source for e in finding.evidence}
    assert finding.remedy is not None


def test_the_cpu_has_no_published_figures() -> None:
    assert judge_published(desktop_4090(), run("", 0.0, 1.0), products(1, 1, 1), []) == ()


def test_a_wrong_product_outranks_any_speed() -> None:
    wrong = product("tf32", 1e14, relative_error=0.2, error_bound=1e-3)
    (finding,) = judge_products(run("GPU-0", 0.0, 1.0), [product(), wrong])
    assert (finding.id, finding.verdict) == ("device-results-disagree", Verdict.FAIL)
    assert finding.headline == "matrix products on GPU 0 are wrong in tf32"


def test_right_products_pass_and_none_say_nothing() -> None:
    (finding,) = judge_products(run("GPU-0", 0.0, 1.0), [product()])
    assert finding.verdict is Verdict.PASS
    assert judge_products(run("GPU-0", 0.0, 1.0), [copy(900)]) == ()
