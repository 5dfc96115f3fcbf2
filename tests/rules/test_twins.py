"""gpu-outlier."""

from typing import Any

import pytest

from rigcheck.facts import Fact, Gpu
from rigcheck.findings import Verdict
from tests.rules.health_rigs import NOT_SUPPORTED, desktop_4090, eight_h100, full_4090, full_h100
from tests.rules.rigs import finding_of, findings_of, found, two_unlike

ID = "gpu-outlier"


def seven_and(**facts: Fact[Any]) -> tuple[Gpu, ...]:
    gpus = [full_h100(index) for index in range(8)]
    gpus[5] = full_h100(5, **facts)
    return tuple(gpus)


@pytest.mark.parametrize(
    ("facts", "words", "command"),
    [
        (
            {"power_limit_enforced_w": found(500.0)},
            "power limit in W 500",
            "sudo nvidia-smi -i 5 -pl 700",
        ),
        ({"ecc_enabled": found(False)}, "ECC no", "sudo nvidia-smi -i 5 -e 1"),
        ({"persistence_mode": found(False)}, "persistence mode no", "sudo nvidia-smi -i 5 -pm 1"),
        ({"pcie_width_max": found(8)}, "PCIe lanes 8", None),
        ({"graphics_clock_max_mhz": found(1755)}, "graphics clock in MHz 1755", None),
        ({"vbios_version": found("96.00.61.00.01")}, "VBIOS 96.00.61.00.01", None),
    ],
)
def test_the_one_of_eight_that_differs_is_named(
    facts: dict[str, Fact[Any]], words: str, command: str | None
) -> None:
    finding = finding_of(eight_h100(*seven_and(**facts)), ID)
    assert finding.verdict is Verdict.WARN
    assert finding.subject == "GPU 5"
    assert words in finding.headline
    assert finding.remedy is not None
    assert command is None or command in finding.remedy.commands


def test_eight_alike_pass_as_one() -> None:
    finding = finding_of(eight_h100(), ID)
    assert finding.verdict is Verdict.PASS
    assert "8 × NVIDIA H100" in finding.headline


@pytest.mark.parametrize(
    "facts",
    [
        {"pcie_width_now": found(8), "pcie_generation_now": found(1)},  # at rest
        {"temperature_c": found(71.0), "power_w": found(300.0)},  # at work
        {"ecc_enabled": NOT_SUPPORTED},  # not told is not off
        {"display_attached": found(True)},
    ],
)
def test_what_moves_or_is_not_told_makes_no_outlier(facts: dict[str, Fact[Any]]) -> None:
    finding = finding_of(eight_h100(*seven_and(**facts)), ID)
    assert finding.verdict is Verdict.PASS


def test_two_makers_boards_of_one_geforce_are_twins() -> None:
    other = full_4090(
        1,
        "0000:41:00.0",
        power_limit_default_w=found(480.0),
        power_limit_enforced_w=found(480.0),
        graphics_clock_max_mhz=found(3165),
        vbios_version=found("95.02.18.80.5f"),
    )
    assert finding_of(desktop_4090(full_4090(), other), ID).verdict is Verdict.PASS


def test_a_geforce_with_a_lowered_power_limit_is_none() -> None:
    lowered = full_4090(1, "0000:41:00.0", power_limit_enforced_w=found(300.0))
    finding = finding_of(desktop_4090(full_4090(), lowered), ID)
    assert finding.subject == "GPU 1"
    assert "67" in finding.headline


def test_of_a_pair_the_one_with_fewer_lanes_is_named() -> None:
    narrow = full_4090(1, "0000:41:00.0", pcie_width_max=found(4))
    finding = finding_of(desktop_4090(full_4090(), narrow), ID)
    assert (finding.subject, finding.verdict) == ("GPU 1", Verdict.WARN)


def test_two_against_two_name_no_outlier() -> None:
    gpus = [full_h100(i, compute_mode=found("default")) for i in range(2)]
    gpus += [full_h100(i, compute_mode=found("exclusive process")) for i in range(2, 4)]
    assert finding_of(eight_h100(*gpus), ID).verdict is Verdict.PASS


def test_two_models_are_no_twins() -> None:
    rig = two_unlike(("NVIDIA GeForce RTX 4090", "8.9"), ("NVIDIA GeForce GTX 960", "5.2"))
    assert [f.verdict for f in findings_of(rig, ID)] == [Verdict.SKIP]
