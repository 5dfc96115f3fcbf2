"""The pure part: what the driver's number of a CUDA version means."""

import pytest

from rigcheck.gpu.driver import parse_cuda_version


@pytest.mark.parametrize(
    ("number", "version"), [(12040, "12.4"), (13000, "13.0"), (12100, "12.10"), (9020, "9.2")]
)
def test_a_cuda_version_number_is_read_as_nvml_h_says(number: int, version: str) -> None:
    assert parse_cuda_version(number) == version
