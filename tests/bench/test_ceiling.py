from typing import Any

import msgspec
import pytest

from rigcheck.bench.ceiling import (
    Ceiling,
    CeilingName,
    decode_ceiling,
    find_ceiling,
    launch_s,
    pinned_bytes_per_s,
    share_of_ceiling,
)
from rigcheck.target.ceilings import host_link
from rigcheck.target.ceilings import launch as launching
from rigcheck.target.ceilings.reading import PRODUCT, Reading


def product(dtype: str = "float32", flop_per_s: float = 2e11, **fields: Any) -> Ceiling:
    return Ceiling(
        **{
            "name": CeilingName.PRODUCT,
            "dtype": dtype,
            "blocks": 9,
            "flop_per_s": 0.9 * flop_per_s,
            "best_flop_per_s": flop_per_s,
            "relative_error": 2e-7,
            "error_bound": 1e-5,
            "is_used_by_training": True,
            **fields,
        }
    )


def test_the_wire_and_the_result_have_the_same_fields() -> None:
    assert Reading._fields == Ceiling.__struct_fields__


def test_what_is_no_ceiling_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_ceiling(Reading("speed of light")._asdict())


def test_a_problem_comes_through() -> None:
    problem = decode_ceiling(Reading(PRODUCT, dtype="float16", problem="no such kernel")._asdict())
    assert problem.problem == "no such kernel"
    assert not problem.is_wrong


def test_a_rate_is_a_share_of_what_the_product_allows() -> None:
    share = share_of_ceiling(10_000, [product(threads=2)], threads=2)
    assert share is not None
    assert share.limit_images_per_s == pytest.approx(2e11 / 1_962_864)
    assert share.share == pytest.approx(10_000 * 1_962_864 / 2e11)
    assert (share.dtype, share.threads) == ("float32", 2)


def test_of_two_measurements_the_faster_is_the_ceiling() -> None:
    disturbed, calm = product(flop_per_s=2e10, threads=2), product(flop_per_s=2e11, threads=2)
    share = share_of_ceiling(10_000, [disturbed, calm], threads=2)
    assert share == share_of_ceiling(10_000, [calm], threads=2)
    assert find_ceiling([disturbed, calm], CeilingName.PRODUCT, dtype="float32") is calm


def test_a_product_slower_than_the_training_was_no_ceiling() -> None:
    assert share_of_ceiling(15_000, [product(flop_per_s=2e10, threads=2)], threads=2) is None


def test_the_format_that_convolutions_use_counts() -> None:
    slow = product("float32", 2e13, is_used_by_training=False)
    share = share_of_ceiling(100_000, [slow, product("tf32", 1e14)])
    assert share is not None
    assert share.dtype == "tf32"
    assert share.limit_images_per_s == pytest.approx(1e14 / 1_962_864)


def test_a_product_on_another_number_of_threads_does_not_count() -> None:
    assert share_of_ceiling(10_000, [product(threads=1)], threads=2) is None
    assert share_of_ceiling(10_000, []) is None


def test_a_product_that_could_not_be_measured_is_no_ceiling() -> None:
    failed = product(flop_per_s=0, blocks=0, best_flop_per_s=None, problem="out of memory")
    assert share_of_ceiling(10_000, [failed]) is None
    assert find_ceiling([failed], CeilingName.PRODUCT, dtype="float32") is None


def test_the_link_and_the_launch_are_found_by_their_names() -> None:
    pinned = Ceiling(name=CeilingName.TO_DEVICE, variant="pinned", blocks=5, best_bytes_per_s=26e9)
    pageable = Ceiling(
        name=CeilingName.TO_DEVICE, variant="pageable", blocks=5, best_bytes_per_s=9e9
    )
    launch = Ceiling(
        name=CeilingName.LAUNCH, variant="by the host's clock", blocks=5, duration_s=5e-6
    )
    assert pinned_bytes_per_s([pageable, pinned]) == 26e9
    assert launch_s([pinned, launch]) == 5e-6
    assert pinned_bytes_per_s([pageable]) is None
    assert launch_s([]) is None


def test_the_variants_are_those_that_are_measured() -> None:
    assert host_link.PINNED == "pinned"
    assert launching.HOST_CLOCK == "by the host's clock"


def test_the_one_with_the_most_threads_is_found() -> None:
    found = find_ceiling(
        [product(threads=1), product(threads=8)], CeilingName.PRODUCT, dtype="float32"
    )
    assert found is not None
    assert found.threads == 8


@pytest.mark.parametrize(("error", "is_wrong"), [(9e-6, False), (2e-5, True), (None, True)])
def test_a_product_is_wrong_beyond_its_formats_rounding(
    error: float | None, is_wrong: bool
) -> None:
    assert product(relative_error=error).is_wrong is is_wrong
