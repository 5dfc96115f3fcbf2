import datetime as dt
import os
import platform
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Host, Reason, value_of
from rigcheck.probes.host import parse_os_release, parse_uptime, read_glibc_version, read_host
from rigcheck.probes.probe import ProbeContext
from tests.probes.trees import recorded, write_tree

UBUNTU = """\
PRETTY_NAME="Ubuntu 24.04.3 LTS"
NAME="Ubuntu"
VERSION_ID="24.04"
# a comment = no value
ID=ubuntu
ID_LIKE=debian
"""
ARCH = 'NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n'


def host_of(root: Path) -> Host:
    return read_host(ProbeContext(python="python3", data_dir=root, root=root))


def test_the_distribution_is_as_people_name_it(tmp_path: Path) -> None:
    host = host_of(write_tree(tmp_path, {"etc/os-release": UBUNTU}))
    assert value_of(host.distribution) == "Ubuntu 24.04.3 LTS"
    assert value_of(host.distribution_id) == "ubuntu"
    assert value_of(host.distribution_version) == "24.04"


def test_a_rolling_distribution_has_no_version(tmp_path: Path) -> None:
    host = host_of(write_tree(tmp_path, {"etc/os-release": ARCH}))
    assert value_of(host.distribution_id) == "arch"
    assert isinstance(host.distribution_version, Absent)
    assert host.distribution_version.reason is Reason.NOT_THERE


def test_the_distributions_own_file_serves_where_etc_has_none(tmp_path: Path) -> None:
    host = host_of(write_tree(tmp_path, {"usr/lib/os-release": UBUNTU}))
    assert value_of(host.distribution_id) == "ubuntu"


def test_quotation_is_the_shells() -> None:
    assert parse_os_release("NAME='A \"B\"'\nID=x\n") == {"NAME": 'A "B"', "ID": "x"}


def test_a_quotation_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="closing quotation"):
        parse_os_release('NAME="Ubuntu\n')


def test_uptime_is_the_first_number() -> None:
    assert parse_uptime("350735.47 234388.90") == 350735.47


def test_wsl_2_is_told_in_full(tmp_path: Path) -> None:
    files = {
        "proc/sys/kernel/osrelease": "5.15.167.4-microsoft-standard-WSL2\n",
        "proc/sys/kernel/hostname": "DESKTOP\n",
        "proc/cpuinfo": recorded("wsl2-i7-1360p.cpuinfo"),
        "run/systemd/container": "wsl\n",
    }
    host = host_of(write_tree(tmp_path, files))
    assert value_of(host.wsl_version) == 2
    assert value_of(host.hostname) == "DESKTOP"
    assert isinstance(host.container, Absent)
    assert value_of(host.hypervisor) is not None


def test_the_c_librarys_version_has_no_name_in_it() -> None:
    name, version = (os.confstr("CS_GNU_LIBC_VERSION") or "musl ").split(" ")
    assert value_of(read_glibc_version()) == (version if name == "glibc" else None)


def test_this_machine_is_told() -> None:
    host = host_of(Path("/"))
    assert value_of(host.system) == platform.system()
    assert value_of(host.kernel_release) == platform.release()
    assert (value_of(host.uptime_s) or 0) > 0


def test_sleep_is_counted_and_a_date_told(tmp_path: Path) -> None:
    host = host_of(tmp_path)
    asleep_s = value_of(host.suspended_s)
    assert asleep_s is not None
    assert asleep_s >= 0
    assert dt.date.fromisoformat(value_of(host.date) or "")
