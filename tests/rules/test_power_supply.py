"""power-supply-headroom."""

import msgspec
import pytest

from rigcheck.facts import Cpu, KernelMessage, Rig, Xid, value_of
from rigcheck.findings import Verdict
from tests.rules.health_rigs import (
    NOT_SUPPORTED,
    desktop_4090,
    eight_h100,
    full_4090,
    gb10,
    laptop_4090,
    wsl_2,
)
from tests.rules.rigs import (
    cpu_laptop,
    finding_of,
    found,
    gpu,
    host,
    kernel_log,
    message,
    unreadable_log,
    xid,
)

SUPPLY = "power-supply-headroom"
CPU = Cpu(power_limit_w=found(125.0))


def desktop(**parts: object) -> Rig:
    return desktop_4090(cpu=CPU, **parts)


def test_a_healthy_machine_is_told_what_its_supply_must_give() -> None:
    finding = finding_of(desktop(), SUPPLY)
    assert finding.verdict is Verdict.PASS
    assert "450 W to the GPU and 125 W to the processor" in finding.headline
    told = " | ".join(evidence.text for evidence in finding.evidence)
    assert "TechPowerUp suggests a supply of 850 W" in told


def test_several_cards_add_up_and_no_suggestion_is_made_for_them() -> None:
    finding = finding_of(eight_h100(), SUPPLY)
    assert finding.verdict is Verdict.PASS
    assert "5600 W to 8 GPUs" in finding.headline
    assert not any("suggests" in evidence.text for evidence in finding.evidence)


def test_a_card_that_tells_no_limit_counts_as_its_model() -> None:
    old = gpu(name="NVIDIA GeForce GTX 960", capability="5.2")
    assert "120 W to the GPU" in finding_of(desktop_4090(old), SUPPLY).headline
    unknown = gpu(name="NVIDIA Graphics Device", power_limit_enforced_w=NOT_SUPPORTED)
    assert "is not told" in finding_of(desktop_4090(unknown), SUPPLY).headline


def test_a_card_that_is_told_to_brake_is_a_sign() -> None:
    braked = full_4090(clocks_event_reasons=found(("power cap", "power brake")))
    rig = desktop_4090(braked, cpu=CPU)
    finding = finding_of(rig, SUPPLY)
    assert finding.verdict is Verdict.WARN
    assert "GPU 0 is told to brake" in finding.headline
    assert finding.caused_by is None
    assert finding.remedy is not None
    assert finding.remedy.commands == ("sudo nvidia-smi -i 0 -pl 315",)


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        (xid(79), "xid79-fell-off-bus"),
        (xid(54), "xid-errors"),
        (message("power-cable"), None),
    ],
)
def test_a_fall_off_the_bus_and_a_missing_cable_are_signs_and_follow_what_tells_of_them(
    event: Xid | KernelMessage, cause: str | None
) -> None:
    finding = finding_of(desktop(kernel_log=kernel_log(event)), SUPPLY)
    assert finding.verdict is Verdict.WARN
    assert finding.caused_by == cause


def test_a_card_that_is_gone_altogether_is_a_sign_still() -> None:
    gone = cpu_laptop(kernel_log=kernel_log(xid(79)))
    assert finding_of(gone, SUPPLY).verdict is Verdict.WARN


@pytest.mark.parametrize("code", [13, 31, 62, 48])
def test_errors_of_programs_firmware_and_memory_are_no_signs(code: int) -> None:
    assert finding_of(desktop(kernel_log=kernel_log(xid(code))), SUPPLY).verdict is Verdict.PASS


def test_a_power_cap_and_rest_are_no_signs() -> None:
    working = full_4090(clocks_event_reasons=found(("power cap",)))
    for one in (working, full_4090()):
        assert finding_of(desktop_4090(one), SUPPLY).verdict is Verdict.PASS


def test_a_log_that_may_not_be_read_is_told() -> None:
    finding = finding_of(desktop(kernel_log=unreadable_log()), SUPPLY)
    assert finding.verdict is Verdict.PASS
    assert any("kernel log: no permission" in evidence.text for evidence in finding.evidence)


def test_laptops_guests_and_machines_without_a_card_are_not_judged() -> None:
    braked = full_4090(clocks_event_reasons=found(("power brake",)))
    guest = desktop_4090(braked, host=host(hypervisor=found("KVM")))
    (mobile,) = value_of(laptop_4090().nvml.gpus) or ()
    slow = msgspec.structs.replace(mobile, clocks_event_reasons=found(("power brake",)))
    for rig in (guest, desktop_4090(slow), gb10(), wsl_2(), cpu_laptop()):
        assert finding_of(rig, SUPPLY).verdict is Verdict.SKIP
