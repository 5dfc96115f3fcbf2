"""Which GPU code runs on which GPU."""

import pytest

from rigcheck.rules.gpu_code import best_code, parse_code
from tests.rules.rigs import CU126, CU132


def name_of_best(codes: tuple[str, ...], capability: str, cuda: str | None = "12.6") -> str | None:
    code = best_code(codes, capability, cuda)
    return code.name if code else None


@pytest.mark.parametrize(
    ("capability", "code"),
    [
        ("5.0", "sm_50"),
        ("5.2", "sm_50"),  # GTX 960
        ("6.1", "sm_60"),  # GTX 1080
        ("7.0", "sm_70"),
        ("8.0", "sm_80"),
        ("8.6", "sm_86"),
        ("8.9", "sm_86"),  # RTX 4090: no wheel ever lists sm_89
        ("9.0", "sm_90"),
    ],
)
def test_machine_code_runs_on_later_minors_of_its_major(capability: str, code: str) -> None:
    assert name_of_best(CU126, capability) == code


@pytest.mark.parametrize(
    ("codes", "capability"),
    [
        (CU126, "12.0"),  # no later major
        (CU126, "3.7"),
        (CU132, "7.0"),
        (CU132, "6.1"),
        (("sm_75",), "7.0"),  # no earlier minor
        (("sm_86",), "8.0"),
        ((), "8.6"),
    ],
)
def test_machine_code_runs_on_no_other_major_and_no_earlier_minor(
    codes: tuple[str, ...], capability: str
) -> None:
    assert name_of_best(codes, capability) is None


@pytest.mark.parametrize("capability", ["8.0", "8.9", "9.0", "12.0"])
def test_ptx_is_compiled_for_any_later_gpu(capability: str) -> None:
    code = best_code(("compute_80",), capability, "12.6")
    assert code is not None
    assert code.is_ptx


def test_ptx_is_of_no_use_to_an_earlier_gpu() -> None:
    assert name_of_best(("compute_80",), "7.5") is None


def test_machine_code_goes_before_ptx() -> None:
    assert name_of_best(("compute_86", "sm_80"), "8.6") == "sm_80"


@pytest.mark.parametrize(
    ("codes", "capability", "runs"),
    [
        (("sm_90a",), "9.0", True),
        (("sm_100a",), "10.3", False),
        (("sm_120a",), "12.1", False),
        (("compute_90a",), "10.0", False),
        (("sm_100f",), "10.3", True),
        (("sm_103f",), "10.0", False),
        (("sm_120f",), "12.1", True),
        (("compute_100f",), "12.0", False),
    ],
)
def test_specific_code_runs_on_its_own_gpu_and_family_code_in_its_family(
    codes: tuple[str, ...], capability: str, runs: bool
) -> None:
    assert (name_of_best(codes, capability) is not None) is runs


@pytest.mark.parametrize(
    ("codes", "capability", "cuda", "runs"),
    [
        (("sm_50",), "5.3", "11.8", False),  # Jetson Nano
        (("sm_53",), "5.3", "11.8", True),
        (("sm_70",), "7.2", "12.6", False),  # Xavier
        (("sm_80", "sm_86"), "8.7", "12.6", False),  # Orin
        (("sm_80", "sm_86"), "8.7", "13.2", True),  # joined with CUDA 13.2
        (("sm_80", "sm_86"), "8.7", None, False),
        (("sm_87",), "8.7", "12.6", True),
        (("sm_87",), "8.9", "13.2", False),
        (("sm_101",), "11.0", "12.9", True),  # Thor's old name
        (("sm_110",), "11.0", "13.0", True),
        (("sm_100",), "11.0", "13.2", False),
        (("compute_80",), "8.7", "12.6", True),
    ],
)
def test_integrated_gpus_stand_apart_until_a_cuda_joins_them(
    codes: tuple[str, ...], capability: str, cuda: str | None, runs: bool
) -> None:
    assert (name_of_best(codes, capability, cuda) is not None) is runs


def test_a_gpu_newer_than_the_tables_follows_the_same_rule() -> None:
    assert name_of_best(("sm_140",), "14.2") == "sm_140"
    assert name_of_best(("sm_120",), "14.2") is None


@pytest.mark.parametrize("name", ["gfx90a", "sm_", "compute_8", "sm_90x", "native"])
def test_what_is_no_cuda_code_is_left_out(name: str) -> None:
    assert parse_code(name) is None


def test_a_three_digit_code_splits_before_its_last_digit() -> None:
    code = parse_code("sm_120a")
    assert code is not None
    assert (code.capability, code.suffix, code.is_ptx) == ((12, 0), "a", False)
