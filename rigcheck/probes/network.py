"""Network links, and how the machine can be reached from outside."""

from pathlib import Path

from rigcheck.facts import (
    NOT_ASKED,
    Absent,
    Fact,
    Failed,
    Found,
    Network,
    NetworkInterface,
    Reason,
    value_of,
)
from rigcheck.probes.addresses import Addresses, read_addresses
from rigcheck.probes.firewall import read_firewall
from rigcheck.probes.probe import ProbeContext, read_text
from rigcheck.probes.reading import parsed, read_entries, read_number
from rigcheck.probes.sshd import password_login, read_listen_addresses
from rigcheck.probes.sshd_config import read_sshd_config

_LOOPBACK = 772
"""ARPHRD_LOOPBACK of linux/if_arp.h."""
_UP = 0x1
"""IFF_UP of linux/if.h: somebody switched it on; whether a cable is in, is the carrier."""
_UNKNOWN_SPEEDS = (65_535, 4_294_967_295)
"""-1 as older drivers and kernels print it."""


def read_network(context: ProbeContext) -> Network:
    """Reads /sys/class/net, /etc/ssh, /proc/net and the firewalls' signs."""
    root = context.root
    sshd = read_sshd_config(root)
    return Network(
        interfaces=read_interfaces(root),
        sshd_listen_addresses=read_listen_addresses(root, sshd),
        sshd_password_login=password_login(sshd),
        firewall=read_firewall(root),
    )


def read_interfaces(root: Path) -> Fact[tuple[NetworkInterface, ...]]:
    """Those with a device behind them; where there is none, as in a container, all but loopback.

    A host of containers has dozens of virtual ones, which say nothing of its links.
    """
    entries = read_entries(root / "sys/class/net")
    if not isinstance(entries, Found):
        return entries
    # Beside the interfaces lie plain files such as bonding_masters.
    links = [p for p in entries.value if value_of(read_number(p / "type")) not in (None, _LOOPBACK)]
    real = [path for path in links if _is_real(path)]
    # A recorded machine's are not ours.
    addresses = read_addresses() if root == Path("/") else NOT_ASKED
    interfaces = (_read_interface(path, addresses) for path in real or links)
    return Found(tuple(interfaces), entries.source)


def parse_speed(text: str) -> int:
    """Mbit/s, as in /sys/class/net/NAME/speed.

    Raises:
        ValueError: if the number stands for an unknown speed.
    """
    speed = int(text)
    if speed <= 0 or speed in _UNKNOWN_SPEEDS:
        raise ValueError(f"{speed} stands for an unknown speed")
    return speed


def _read_interface(path: Path, addresses: Fact[Addresses]) -> NetworkInterface:
    up = _is_up(path)
    return NetworkInterface(
        name=path.name,
        addresses=_addresses_of(path.name, addresses),
        up=up,
        wireless=any((path / sign).exists() for sign in ("wireless", "phy80211")),
        link_speed_mbit_per_s=_read_speed(path, up=up),
    )


def _addresses_of(name: str, addresses: Fact[Addresses]) -> Fact[tuple[str, ...]]:
    if not isinstance(addresses, Found):
        return addresses
    return Found(addresses.value.get(name, ()), addresses.source)


def _is_real(path: Path) -> bool:
    return (path / "device").exists()


def _is_up(path: Path) -> bool:
    flags = value_of(parsed(read_text(path / "flags"), lambda text: int(text, 16)))
    return bool((flags or 0) & _UP) and value_of(read_number(path / "carrier")) == 1


def _read_speed(path: Path, *, up: bool) -> Fact[int]:
    source = str(path / "speed")
    if not _is_real(path):
        return Absent(Reason.NOT_APPLICABLE, source, "a virtual interface has no link")
    if not up:
        return Absent(Reason.NOT_THERE, source, "no link")
    speed = parsed(read_text(path / "speed"), parse_speed)
    if isinstance(speed, Failed):  # the driver has no such figure: -1, or EINVAL as on wireless
        return Absent(Reason.NOT_SUPPORTED, source, speed.error)
    return speed
