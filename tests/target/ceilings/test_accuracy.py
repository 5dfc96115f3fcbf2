import pytest
import torch

from rigcheck.target.ceilings.accuracy import relative_error


def matrices(m: int = 200, n: int = 300, k: int = 100) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(m, k, generator=generator), torch.randn(k, n, generator=generator)


def test_a_right_product_has_the_error_of_its_rounding() -> None:
    left, right = matrices()
    assert relative_error(left, right, left @ right) < 1e-6


def test_the_estimate_is_near_the_frobenius_error() -> None:
    left, right = matrices()
    noise = 0.01 * torch.randn(200, 300, generator=torch.Generator().manual_seed(1))
    product = left @ right
    true = float(noise.norm() / product.norm())
    torch.manual_seed(2)
    assert relative_error(left, right, product + noise) == pytest.approx(true, rel=0.2)


def test_one_wrong_element_is_seen() -> None:
    left, right = matrices()
    product = left @ right
    product[199, 0] += 100
    assert relative_error(left, right, product) > 1e-2


def test_a_number_that_is_none_makes_the_error_infinite() -> None:
    left, right = matrices()
    product = left @ right
    product[7, 7] = float("nan")
    assert relative_error(left, right, product) == float("inf")


def test_rows_beyond_a_block_count_too() -> None:
    left, right = matrices(m=2_500)
    product = left @ right
    product[2_400:] = 0
    assert relative_error(left, right, product) > 0.1
