"""network-link-slow and sshd-exposed."""

import pytest

from rigcheck.facts import Absent, Fact, Network, NetworkInterface, Reason, Rig
from rigcheck.findings import Verdict
from tests.rules.rigs import finding_of, found, host, not_there, rtx_4090

SLOW, EXPOSED = "network-link-slow", "sshd-exposed"
NO_SPEED = Absent(Reason.NOT_SUPPORTED, "speed")


def link(
    name: str, speed: Fact[int], *, up: bool = True, wireless: bool = False, address: str = ""
) -> NetworkInterface:
    return NetworkInterface(
        name=name,
        up=up,
        wireless=wireless,
        link_speed_mbit_per_s=speed,
        addresses=found((address,) if address else ()),
    )


def network(*links: NetworkInterface) -> Rig:
    return rtx_4090(network=Network(interfaces=found(links)))


def test_a_wired_link_of_100_mbit_is_slow() -> None:
    finding = finding_of(network(link("eno1", found(100))), SLOW)
    assert (finding.verdict, finding.subject) == (Verdict.WARN, "eno1")


@pytest.mark.parametrize(
    "links",
    [
        (link("eno1", found(1000)),),
        (link("eno1", found(1000)), link("eno2", found(100))),  # the second for management
        (link("wlan0", found(54), wireless=True),),
        (link("eno1", found(10), up=False),),
        (link("eth0", NO_SPEED),),
    ],
)
def test_others_are_not(links: tuple[NetworkInterface, ...]) -> None:
    assert finding_of(network(*links), SLOW).verdict in (Verdict.PASS, Verdict.SKIP)


def test_a_virtual_machines_speed_is_made_up() -> None:
    rig = rtx_4090(
        host=host(hypervisor=found("kvm")),
        network=Network(interfaces=found((link("eth0", found(100)),))),
    )
    assert finding_of(rig, SLOW).verdict is Verdict.SKIP
    assert finding_of(Rig(), SLOW).verdict is Verdict.SKIP


def sshd(
    listens: str = "0.0.0.0:22",
    address: str = "8.8.4.4",
    password: Fact[bool] | None = None,
    firewall: Fact[str] | None = None,
) -> Rig:
    return rtx_4090(
        network=Network(
            interfaces=found((link("eno1", found(1000), address=address),)),
            sshd_listen_addresses=found((listens,)),
            sshd_password_login=password or found(True),
            firewall=firewall or not_there(),
        )
    )


@pytest.mark.parametrize(
    ("listens", "address"),
    [("0.0.0.0:22", "8.8.4.4"), ("[::]:22", "2606:4700::1111"), ("8.8.4.4:2222", "10.0.0.7")],
)
def test_passwords_on_a_public_address_without_a_firewall_are_told(
    listens: str, address: str
) -> None:
    finding = finding_of(sshd(listens, address), EXPOSED)
    assert finding.verdict is Verdict.WARN
    assert finding.remedy is not None
    assert "PasswordAuthentication no" in finding.remedy.commands[0]


@pytest.mark.parametrize(
    "rig",
    [
        sshd(address="192.168.1.10"),
        sshd(listens="127.0.0.1:22"),
        sshd(password=found(False)),
        sshd(firewall=found("ufw")),
        sshd(firewall=Absent(Reason.NO_PERMISSION, "nft")),
        sshd(password=Absent(Reason.NO_PERMISSION, "/etc/ssh/sshd_config")),
        Rig(),
    ],
)
def test_where_one_of_the_three_is_not_so_or_not_known_nothing_is_said(rig: Rig) -> None:
    assert finding_of(rig, EXPOSED).verdict in (Verdict.PASS, Verdict.SKIP)
