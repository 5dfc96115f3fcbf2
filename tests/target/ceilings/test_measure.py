"""Really measured on this CPU: what comes out, whether it is right; never how fast."""

import json

import pytest
import torch

from rigcheck.bench.ceiling import Ceiling, CeilingName, decode_ceiling
from rigcheck.target.ceilings import measure as measuring
from rigcheck.target.ceilings import memory
from rigcheck.target.ceilings.formats import FLOAT8, FLOAT32
from rigcheck.target.ceilings.measure import measure, thread_counts
from rigcheck.target.ceilings.product import measure_product
from rigcheck.target.ceilings.reading import Reading

CPU = torch.device("cpu")


def told(*, is_full: bool) -> list[Ceiling]:
    """Over the wire and back."""
    readings = []
    measure(CPU, is_full=is_full, tell=lambda r: readings.append(json.dumps(r._asdict())))
    return [decode_ceiling(json.loads(reading)) for reading in readings]


def test_the_short_form_is_one_product_and_one_copy() -> None:
    product, copy = told(is_full=False)
    assert (product.name, product.dtype) == (CeilingName.PRODUCT, "float32")
    assert product.threads == copy.threads == torch.get_num_threads()
    assert product.is_used_by_training
    assert product.best_flop_per_s >= product.flop_per_s > 0  # type: ignore[operator]
    assert product.relative_error is not None
    assert not product.is_wrong
    assert (copy.name, copy.variant) == (CeilingName.COPY, "memory")
    assert copy.best_bytes_per_s >= copy.bytes_per_s > 0  # type: ignore[operator]


def test_the_full_form_has_each_format_and_memory_by_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measuring, "_PRODUCT_S", 0.05)
    monkeypatch.setattr(measuring, "_COPY_S", 0.05)
    monkeypatch.setattr(memory, "_CPU_MOST_BYTES", 16 * 1024**2)
    before = torch.get_num_threads(), torch.get_float32_matmul_precision()
    ceilings = told(is_full=True)
    assert (torch.get_num_threads(), torch.get_float32_matmul_precision()) == before
    products = {c.dtype for c in ceilings if c.name is CeilingName.PRODUCT}
    assert products == {"float32", "float16", "bfloat16"}
    assert {c.threads for c in ceilings} == set(thread_counts(before[0]))
    assert "memory" in {c.variant for c in ceilings if c.name is CeilingName.COPY}
    assert all(bool(c.problem) != bool(c.blocks) for c in ceilings)
    assert not any(c.is_wrong for c in ceilings)


def test_threads_are_swept_from_one_over_half_to_all() -> None:
    assert thread_counts(1) == [1]
    assert thread_counts(2) == [1, 2]
    assert thread_counts(16) == [1, 8, 16]


def test_what_torch_does_not_know_is_told_in_its_own_words() -> None:
    imagined = FLOAT32._replace(name="float5", torch_name="float5")
    reading = measure_product(imagined, CPU, 0.05)
    assert "float5" in reading.problem
    assert reading.blocks == 0
    assert reading.flop_per_s is None


def test_what_torch_cannot_multiply_is_told_in_its_own_words() -> None:
    integers = FLOAT32._replace(name="bool", torch_name="bool")
    assert "Bool" in measure_product(integers, CPU, 0.05).problem


@pytest.mark.parametrize("device", ["hpu", "cuda:99"])
def test_a_device_that_is_not_there_is_told_and_nothing_is_raised(device: str) -> None:
    readings: list[Reading] = []
    measure(torch.device(device), is_full=True, tell=readings.append)
    assert readings
    assert all(reading.problem for reading in readings)


def test_float8_is_right_or_told_in_torchs_words() -> None:
    """GPUs are asked for it; this torch may have it for the CPU, too."""
    reading = measure_product(FLOAT8, CPU, 0.05)
    assert reading.problem or reading.relative_error < FLOAT8.error_bound  # type: ignore[operator]
