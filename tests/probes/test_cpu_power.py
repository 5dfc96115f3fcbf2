"""Power limits of the processor."""

from pathlib import Path

import pytest

from rigcheck.facts import Absent, Failed, Found, Reason
from rigcheck.probes.cpu_power import read_power_limit
from tests.probes.trees import write_tree

ZONES = "sys/class/powercap"


def package(number: int, limit_uw: int | None) -> dict[str, str]:
    zone = f"{ZONES}/intel-rapl:{number}"
    files = {f"{zone}/name": f"package-{number}\n", f"{zone}/enabled": "1\n"}
    if limit_uw is None:
        return files
    return files | {
        f"{zone}/constraint_0_name": "long_term\n",
        f"{zone}/constraint_0_power_limit_uw": f"{limit_uw}\n",
        f"{zone}/constraint_1_name": "short_term\n",
        f"{zone}/constraint_1_power_limit_uw": "253000000\n",
        # A part of the package, which counts in it already.
        f"{ZONES}/intel-rapl:{number}:0/name": "core\n",
        f"{ZONES}/intel-rapl:{number}:0/constraint_0_name": "long_term\n",
        f"{ZONES}/intel-rapl:{number}:0/constraint_0_power_limit_uw": "50000000\n",
    }


def test_the_sockets_long_term_limits_add_up(tmp_path: Path) -> None:
    root = write_tree(tmp_path, package(0, 125_000_000) | package(1, 125_000_000))
    limit = read_power_limit(root)
    assert isinstance(limit, Found)
    assert limit.value == 250.0


def test_a_limit_beyond_all_power_limits_nothing(tmp_path: Path) -> None:
    assert isinstance(read_power_limit(write_tree(tmp_path, package(0, 4_095_875_000))), Failed)


@pytest.mark.parametrize("files", [{}, package(0, None), {f"{ZONES}/dtpm/name": "dtpm"}])
def test_processors_and_kernels_that_tell_no_limit_say_so(
    tmp_path: Path, files: dict[str, str]
) -> None:
    limit = read_power_limit(write_tree(tmp_path, files))
    assert isinstance(limit, Absent)
    assert limit.reason is Reason.NOT_SUPPORTED
