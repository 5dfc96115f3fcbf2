from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, NetworkInterface, Reason, value_of
from rigcheck.probes.network import parse_speed, read_interfaces, read_network
from rigcheck.probes.probe import ProbeContext
from tests.probes.trees import write_tree


def interface(name: str, **files: str) -> dict[str, str]:
    """A real Ethernet interface with a cable in, but for what `files` says."""
    standard = {"type": "1", "flags": "0x1003", "carrier": "1", "device/uevent": ""}
    return {f"sys/class/net/{name}/{key}": f"{text}\n" for key, text in (standard | files).items()}


def virtual(name: str, **files: str) -> dict[str, str]:
    return {key: text for key, text in interface(name, **files).items() if "device" not in key}


LOOPBACK = virtual("lo", type="772", flags="0x9")


def interfaces_of(root: Path, files: dict[str, str]) -> tuple[NetworkInterface, ...]:
    interfaces = read_interfaces(write_tree(root, files))
    assert isinstance(interfaces, Found)
    return interfaces.value


def test_a_gigabit_link_is_told(tmp_path: Path) -> None:
    (link,) = interfaces_of(tmp_path, LOOPBACK | interface("enp3s0", speed="1000"))
    assert (link.name, link.up, link.wireless) == ("enp3s0", True, False)
    assert value_of(link.link_speed_mbit_per_s) == 1000


def test_without_a_cable_there_is_no_link(tmp_path: Path) -> None:
    (link,) = interfaces_of(tmp_path, interface("enp3s0", carrier="0", speed="-1"))
    assert not link.up
    assert isinstance(link.link_speed_mbit_per_s, Absent)
    assert link.link_speed_mbit_per_s.reason is Reason.NOT_THERE


def test_a_driver_without_the_figure_does_not_support_it(tmp_path: Path) -> None:
    (link,) = interfaces_of(tmp_path, interface("eth0", speed="-1"))
    assert link.up
    assert isinstance(link.link_speed_mbit_per_s, Absent)
    assert link.link_speed_mbit_per_s.reason is Reason.NOT_SUPPORTED


@pytest.mark.parametrize("sign", ["wireless/status", "phy80211/index"])
def test_wireless_is_known_by_its_directory(tmp_path: Path, sign: str) -> None:
    (link,) = interfaces_of(tmp_path, interface("wlp2s0", **{sign: "0"}))
    assert link.wireless


def test_virtual_interfaces_are_left_out_beside_real_ones(tmp_path: Path) -> None:
    files = interface("enp3s0", speed="1000") | virtual("docker0") | virtual("veth1a2b")
    assert [link.name for link in interfaces_of(tmp_path, files)] == ["enp3s0"]


def test_a_containers_only_interface_is_told_without_its_made_up_speed(tmp_path: Path) -> None:
    """Every veth says 10000 Mbit/s, whatever lies behind it."""
    (link,) = interfaces_of(tmp_path, LOOPBACK | virtual("eth0", speed="10000"))
    assert link.name == "eth0"
    assert isinstance(link.link_speed_mbit_per_s, Absent)
    assert link.link_speed_mbit_per_s.reason is Reason.NOT_APPLICABLE


def test_plain_files_beside_the_interfaces_are_none(tmp_path: Path) -> None:
    files = interface("eth0") | {"sys/class/net/bonding_masters": "bond0\n"}
    assert [link.name for link in interfaces_of(tmp_path, files)] == ["eth0"]


@pytest.mark.parametrize("text", ["-1", "0", "65535", "4294967295", "fast"])
def test_numbers_that_stand_for_unknown_are_no_speed(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the message may be int()'s
        parse_speed(text)


def test_a_machine_that_can_be_reached_is_told_in_full(tmp_path: Path) -> None:
    files = interface("enp3s0", speed="1000") | {
        "etc/ssh/sshd_config": "PasswordAuthentication no\nKbdInteractiveAuthentication no\n",
        "etc/ufw/ufw.conf": "ENABLED=yes\n",
        "proc/net/tcp": "header\n 0: 00000000:0016 00000000:0000 0A\n",
    }
    root = write_tree(tmp_path, files)
    network = read_network(ProbeContext(python="python3", data_dir=root, root=root))
    assert value_of(network.sshd_listen_addresses) == ("0.0.0.0:22",)
    assert value_of(network.sshd_password_login) is False
    assert value_of(network.firewall) == "ufw"


def test_this_machines_loopback_is_left_out() -> None:
    interfaces = read_interfaces(Path("/"))
    assert "lo" not in [link.name for link in value_of(interfaces) or ()]
