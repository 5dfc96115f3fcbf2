"""persistence-mode-off and fabric-manager."""

from typing import Any

import msgspec
import pytest

from rigcheck.facts import Fact, Failed, Rig
from rigcheck.findings import Verdict
from tests.rules.health_rigs import (
    container_of_two_h100,
    desktop_4090,
    eight_h100,
    full_4090,
    full_h100,
    in_container,
)
from tests.rules.rigs import cpu_laptop, driver, finding_of, found, rtx_4090, torch

PERSISTENCE, FABRIC = "persistence-mode-off", "fabric-manager"
NOT_READY = Failed(
    "RuntimeError: Unexpected error from cudaGetDeviceCount(). Error 802: system not yet "
    "initialized",
    "torch.cuda.init()",
)


def headless_pair(**first: Fact[Any]) -> Rig:
    gone: dict[str, Fact[Any]] = {
        "display_active": found(False),
        "display_attached": found(False),
        **first,
    }
    return desktop_4090(
        full_4090(0, "0000:01:00.0", **gone),
        full_4090(1, "0000:41:00.0", display_active=found(False), display_attached=found(False)),
    )


def fabric(torch_says: object, *, running: bool) -> Rig:
    return eight_h100(
        driver=driver(fabric_manager_running=found(running)),
        torch=msgspec.structs.replace(torch(), cuda_available=torch_says),
    )


def test_two_gpus_without_a_display_are_to_stay_awake() -> None:
    finding = finding_of(headless_pair(), PERSISTENCE)
    assert finding.verdict is Verdict.WARN
    assert finding.remedy is not None
    assert finding.remedy.commands == ("sudo systemctl enable --now nvidia-persistenced",)


def test_a_display_on_one_makes_it_a_desktop() -> None:
    finding = finding_of(headless_pair(display_active=found(True)), PERSISTENCE)
    assert finding.verdict is Verdict.PASS


def test_one_card_alone_and_a_container_are_not_judged() -> None:
    alone = full_4090(display_active=found(False), display_attached=found(False))
    assert finding_of(desktop_4090(alone), PERSISTENCE).verdict is Verdict.PASS
    assert finding_of(container_of_two_h100(), PERSISTENCE).verdict is Verdict.SKIP
    assert finding_of(cpu_laptop(), PERSISTENCE).verdict is Verdict.SKIP


def test_gpus_that_are_kept_awake_pass() -> None:
    assert finding_of(eight_h100(), PERSISTENCE).verdict is Verdict.PASS


def test_one_of_eight_put_to_sleep_is_enough() -> None:
    gpus = [full_h100(index) for index in range(8)]
    gpus[3] = full_h100(3, persistence_mode=found(False))
    assert "1 of 8" in finding_of(eight_h100(*gpus), PERSISTENCE).headline


def test_cudas_own_words_tell_that_the_fabric_is_not_set_up() -> None:
    finding = finding_of(fabric(NOT_READY, running=False), FABRIC)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "sudo apt install nvidia-fabricmanager-580" in finding.remedy.commands
    assert "580.95.05" in finding.remedy.text


def test_a_service_that_runs_and_a_cuda_that_is_not_ready_is_a_fault_too() -> None:
    finding = finding_of(fabric(NOT_READY, running=True), FABRIC)
    assert finding.verdict is Verdict.FAIL
    assert "runs" in finding.headline


def test_switches_without_the_service_are_a_fault_where_cuda_does_not_start() -> None:
    assert finding_of(fabric(found(False), running=False), FABRIC).verdict is Verdict.FAIL


def test_a_cuda_that_starts_needs_no_service() -> None:
    assert finding_of(fabric(found(True), running=False), FABRIC).verdict is Verdict.PASS


def test_a_container_cannot_see_the_service() -> None:
    rig = eight_h100(
        host=in_container(),
        driver=driver(fabric_manager_running=found(False)),
        torch=msgspec.structs.replace(torch(), cuda_available=found(False)),
    )
    assert finding_of(rig, FABRIC).verdict is Verdict.SKIP


@pytest.mark.parametrize("cuda", [found(False), Failed("CUDA unknown error", "torch.cuda.init()")])
def test_a_machine_without_switches_needs_none(cuda: object) -> None:
    rig = rtx_4090(torch=msgspec.structs.replace(torch(), cuda_available=cuda))
    assert finding_of(rig, FABRIC).verdict is Verdict.SKIP
