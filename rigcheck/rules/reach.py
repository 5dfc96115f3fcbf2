"""The network: how fast its links are, and who may log in over them."""

import ipaddress
from collections.abc import Iterator

from rigcheck.facts import Found, NetworkInterface, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.rule import Judgement, rule

_SLOW_MBIT_PER_S = 100
_KEYS_ONLY = (
    r"printf 'PasswordAuthentication no\nKbdInteractiveAuthentication no\n' "
    "| sudo tee /etc/ssh/sshd_config.d/00-keys-only.conf"
)
_ANY = ("0.0.0.0", "::", "*", "")  # noqa: S104 -- recognised, not bound to


@rule(
    "network-link-slow",
    group="network",
    needs=("host", "network"),
    link="https://docs.kernel.org/networking/ethtool-netlink.html",
)
def network_link_slow(rig: Rig) -> Iterator[Judgement]:
    """A wired link runs at 100 Mbit/s or less, a tenth of what every card of today can do.

    Data sets and wheels of gigabytes then take minutes each. Mostly it is the cable (one of four
    pairs broken) or an old switch. Radio links and those of a virtual machine, whose speed is made
    up, are left out.
    """
    interfaces = rig.network.interfaces
    if not isinstance(interfaces, Found):
        yield skipped("the network's links are not known", told("interfaces", interfaces))
        return
    if isinstance(rig.host.hypervisor, Found):
        yield skipped("a virtual machine's links tell no true speed")
        return
    wired = [i for i in interfaces.value if i.up and not i.wireless]
    timed = [i for i in wired if isinstance(i.link_speed_mbit_per_s, Found)]
    slow = [i for i in timed if (value_of(i.link_speed_mbit_per_s) or 0) <= _SLOW_MBIT_PER_S]
    has_faster = len(slow) < len(timed)
    if slow and not has_faster:
        yield from map(_slow, slow)
    elif timed:
        yield passed("a wired link is faster than 100 Mbit/s", *map(_speed, timed))
    else:
        yield skipped("no wired link is up whose speed is known", *map(_speed, wired))


def _speed(interface: NetworkInterface) -> Evidence:
    return told(f"{interface.name} in Mbit/s", interface.link_speed_mbit_per_s)


def _slow(interface: NetworkInterface) -> Judgement:
    speed = value_of(interface.link_speed_mbit_per_s)
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{interface.name} is linked at {speed} Mbit/s",
        evidence=(_speed(interface),),
        remedy=Remedy(
            text="Try another cable (Cat 5e or better, all four pairs) and another port of the "
            "switch; see that the speed is not fixed in the settings",
            commands=(f"sudo ethtool {interface.name}",),
            verify="rigcheck check --only network",
        ),
        subject=interface.name,
    )


@rule(
    "sshd-exposed",
    group="network",
    needs=("network",),
    link="https://man.openbsd.org/sshd_config#PasswordAuthentication",
)
def sshd_exposed(rig: Rig) -> Iterator[Judgement]:
    """The SSH server takes passwords on a public address, and no firewall is in force.

    Machines on the internet are tried with passwords all day; one that is guessed makes a rig
    somebody else's miner. It is called only where all three are known: password login is on, the
    server listens on an address of this machine that the internet can reach, and the system's own
    firewall is off. A router's or a cloud's firewall before it cannot be seen from here.
    """
    network = rig.network
    public = _public_addresses(rig)
    evidence = (
        told("sshd listens on", network.sshd_listen_addresses),
        told("password login", network.sshd_password_login),
        told("firewall", network.firewall),
    )
    if not isinstance(network.sshd_listen_addresses, Found):
        yield skipped("no SSH server is known to listen here", *evidence)
    elif value_of(network.sshd_password_login) is False:
        yield passed("the SSH server takes keys only", *evidence)
    elif isinstance(network.firewall, Found):
        yield passed(f"a firewall is in force: {network.firewall.value}", *evidence)
    elif not public:
        yield skipped("the SSH server is on no address known to be public", *evidence)
    elif value_of(network.sshd_password_login) and is_known_absent(network.firewall):
        yield _exposed(rig, public, evidence)
    else:
        yield skipped("whether the SSH server is open to guesses is not known", *evidence)


def _public_addresses(rig: Rig) -> tuple[str, ...]:
    """Of this machine, on which sshd listens and which the internet can reach."""
    ours = [
        address
        for interface in value_of(rig.network.interfaces) or ()
        for address in value_of(interface.addresses) or ()
    ]
    listening = [_host_of(s) for s in value_of(rig.network.sshd_listen_addresses) or ()]
    candidates = [a for a in listening if a not in _ANY]
    if any(a in _ANY for a in listening):
        candidates += ours
    return tuple(dict.fromkeys(a for a in candidates if _is_public(a)))


def _host_of(socket: str) -> str:
    """`[::]:22` → `::`, `0.0.0.0:22` → `0.0.0.0`."""
    return socket.rpartition(":")[0].strip("[]")


def _is_public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False


def _exposed(rig: Rig, public: tuple[str, ...], evidence: tuple[Evidence, ...]) -> Judgement:
    return Judgement(
        verdict=Verdict.WARN,
        headline="the SSH server takes passwords on a public address, and no firewall is in force",
        evidence=(
            *evidence,
            Evidence(f"public: {' '.join(public)}", rig.network.interfaces.source),
        ),
        remedy=Remedy(
            text="Put your key on this machine first (ssh-copy-id), try it in a second session, "
            "then switch password login off; and let the firewall pass SSH only",
            commands=(
                _KEYS_ONLY,
                "sudo systemctl reload ssh || sudo systemctl reload sshd",
            ),
            verify="rigcheck check --only network",
        ),
    )
