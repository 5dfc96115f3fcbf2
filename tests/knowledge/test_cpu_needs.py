"""Which release of a library needs which instructions."""

import pytest

from rigcheck.knowledge.cpu_needs import needs_of


@pytest.mark.parametrize(
    ("version", "what"), [("2.4.0", "x86-64-v2"), ("2.10.1", "x86-64-v2"), ("2.3.5", "SSE3")]
)
def test_numpys_need_changed_with_2_4(version: str, what: str) -> None:
    assert [need.what for need in needs_of("numpy", version)] == [what]


def test_torch_needs_no_avx2() -> None:
    flags = {flag for need in needs_of("torch", "2.15.0+cu132") for flag in need.flags}
    assert flags == {"sse4_1", "avx"}


def test_a_package_that_nobody_measured_has_no_needs() -> None:
    assert needs_of("somelib", "1.0") == ()
