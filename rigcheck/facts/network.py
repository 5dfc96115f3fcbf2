"""Network interfaces, SSH and the firewall."""

import msgspec

from rigcheck.facts.fact import NOT_ASKED, Fact, Part


class NetworkInterface(msgspec.Struct, frozen=True, kw_only=True):
    """One network interface, loopback left out."""

    name: str
    up: bool
    wireless: bool
    link_speed_mbit_per_s: Fact[int]
    addresses: Fact[tuple[str, ...]] = NOT_ASKED
    """IPv4 and IPv6, without prefix length or zone."""


class Network(Part, frozen=True, kw_only=True):
    """Links, and how the machine can be reached."""

    interfaces: Fact[tuple[NetworkInterface, ...]] = NOT_ASKED
    sshd_listen_addresses: Fact[tuple[str, ...]] = NOT_ASKED
    """`address:port` of each listening socket that sshd is configured for."""
    sshd_password_login: Fact[bool] = NOT_ASKED
    firewall: Fact[str] = NOT_ASKED
    """The one in force: `ufw`, `firewalld`, `nftables`; not there when none is."""
