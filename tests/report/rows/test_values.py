import pytest

from rigcheck.facts import Absent, Found, Reason
from rigcheck.report.rows import fact_text, value_text

GIB = 1 << 30


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("total_bytes", 4 * GIB, "4.0 GiB"),
        ("uptime_s", 75.0, "1 min 15 s"),
        ("frequency_now_mhz", 2450.0, "2.45 GHz"),
        ("frequency_now_mhz", 800.0, "800 MHz"),
        ("link_speed_mbit_per_s", 1000, "1000 Mbit/s"),
        ("quota_cpus", 1.5, "1.5 CPUs"),
        ("over_ssh", True, "yes"),
        ("cores", 0, "0"),
        ("arch_list", ("sm_75", "sm_120"), "sm_75, sm_120"),
        ("sshd_listen_addresses", (), "none"),
        ("flags", tuple(map(str, range(25))), "25 in all"),
    ],
)
def test_values_are_told_in_the_unit_of_their_name(name: str, value: object, text: str) -> None:
    assert value_text(name, value) == text


def test_a_fact_is_told_alone_too() -> None:
    assert fact_text("total_bytes", Found(GIB, "")) == "1.0 GiB"
    assert fact_text("total_bytes", Absent(Reason.NOT_IN_DRIVER, "")) == "not in this driver"
