import pytest

from rigcheck.compare.options import parse_loss, parse_prices
from rigcheck.errors import UsageError


def test_prices_as_people_write_them() -> None:
    assert parse_prices(["GTX 960=250", "a=b=1.5"]) == {"GTX 960": 250.0, "a=b": 1.5}


@pytest.mark.parametrize("word", ["GTX 960", "=5", "x=", "x=-1", "x=0", "x=nan", "x=inf", "x=1e"])
def test_anything_else_is_no_price(word: str) -> None:
    with pytest.raises(UsageError, match="no price"):
        parse_prices([word])


@pytest.mark.parametrize(("word", "loss"), [("10%", 0.1), ("2.5 %", 0.025), ("0%", 0.0)])
def test_a_loss_is_a_share(word: str, loss: float) -> None:
    assert parse_loss(word) == pytest.approx(loss)


@pytest.mark.parametrize("word", ["10", "0.1", "-1%", "100%", "%", "nan%", ""])
def test_anything_else_is_no_share(word: str) -> None:
    with pytest.raises(UsageError, match="no share"):
        parse_loss(word)
