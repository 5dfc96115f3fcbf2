"""What the options of `rigcheck compare` ask for."""

import math
from collections.abc import Sequence

from rigcheck.errors import UsageError

_WHOLE_PERCENT = 100


def parse_prices(words: Sequence[str]) -> dict[str, float]:
    """`GTX 960=250` → `{"GTX 960": 250.0}`, in whatever currency.

    Raises:
        UsageError: for anything else.
    """
    return dict(_parse_price(word) for word in words)


def parse_loss(word: str) -> float:
    """`10%` → 0.1, the least loss of speed that counts.

    Raises:
        UsageError: for anything else.
    """
    percent = _number(word.removesuffix("%").strip())
    if not word.endswith("%") or percent is None or not 0 <= percent < _WHOLE_PERCENT:
        raise UsageError(f"--fail-on-regression {word} is no share", hint="for instance 10%")
    return percent / _WHOLE_PERCENT


def _parse_price(word: str) -> tuple[str, float]:
    name, _, amount = word.rpartition("=")
    price = _number(amount)
    if not name.strip() or price is None or price <= 0:
        raise UsageError(f"--price {word} is no price", hint='for instance --price "GTX 960=250"')
    return name.strip(), price


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
