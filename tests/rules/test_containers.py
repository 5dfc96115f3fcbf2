"""container-without-nvidia-runtime and container-lost-gpu-cgroup."""

import msgspec
import pytest

from rigcheck.facts import Absent, Environment, Failed, Host, Reason, Rig, Symptom, Symptoms
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    NO_LIBRARY,
    driver,
    finding_of,
    found,
    host,
    not_there,
    nvml,
    nvml_refusing,
    rtx_4090,
    torch,
    wrong_in,
)

RUNTIME, LOST = "container-without-nvidia-runtime", "container-lost-gpu-cgroup"


def met(name: str, text: str) -> Symptoms:
    return Symptoms(seen=found((Symptom(name=name, text=text, source="line 3 of the text"),)))


def without_runtime(container: str = "docker") -> Rig:
    """The host's bus shows through, the driver's library is not there."""
    stopped = msgspec.structs.replace(torch(), cuda_available=found(False))
    return rtx_4090(
        host=host(container=found(container)),
        driver=driver(library_version=not_there()),
        nvml=nvml_refusing(NO_LIBRARY),
        torch=stopped,
    )


@pytest.mark.parametrize(("tool", "command"), [("docker", "--gpus all"), ("podman", "cdi")])
def test_a_cuda_torch_in_a_container_without_the_gpu_is_told(tool: str, command: str) -> None:
    finding = finding_of(without_runtime(tool), RUNTIME)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert command in finding.remedy.commands[0]


def test_that_cuda_does_not_start_then_follows() -> None:
    findings = wrong_in(without_runtime())
    assert findings[0] == RUNTIME


def test_a_torch_for_the_cpu_in_a_container_has_its_reasons() -> None:
    cpu = torch("2.15.0+cpu", None, ())
    rig = msgspec.structs.replace(without_runtime(), torch=cpu)
    assert finding_of(rig, RUNTIME).verdict is Verdict.SKIP
    wants = Environment(nvidia_visible_devices=found("all"))
    wanting = msgspec.structs.replace(rig, environment=wants)
    assert finding_of(wanting, RUNTIME).verdict is Verdict.FAIL


def test_a_container_with_the_driver_passes_and_a_host_is_skipped() -> None:
    rig = rtx_4090(host=host(container=found("docker")))
    assert finding_of(rig, RUNTIME).verdict is Verdict.PASS
    assert finding_of(rtx_4090(), RUNTIME).verdict is Verdict.SKIP


def test_the_drivers_tools_without_its_cuda_library_are_half_of_it() -> None:
    rig = rtx_4090(
        host=host(container=found("docker")),
        environment=Environment(nvidia_driver_capabilities=found("utility")),
    )
    assert finding_of(rig, RUNTIME).verdict is Verdict.FAIL
    both = Environment(nvidia_driver_capabilities=found("compute,utility"))
    assert finding_of(msgspec.structs.replace(rig, environment=both), RUNTIME).verdict is (
        Verdict.PASS
    )


def test_dockers_own_words_name_the_toolkit() -> None:
    words = 'could not select device driver "" with capabilities: [[gpu]]'
    rig = Rig(
        host=Host(container_toolkit=not_there(), distribution_id=found("fedora")),
        symptoms=met("docker-without-gpu-driver", words),
    )
    finding = finding_of(rig, RUNTIME)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert finding.remedy.commands[0] == "sudo dnf install nvidia-container-toolkit"


def test_a_host_with_docker_and_without_the_toolkit_is_no_fault_yet() -> None:
    rig = rtx_4090(host=host(container_engine=found("docker"), container_toolkit=not_there()))
    assert finding_of(rig, RUNTIME).verdict is Verdict.SKIP
    assert wrong_in(rig) == []


REFUSED = Absent(Reason.NO_PERMISSION, "/dev/nvidiactl", "Operation not permitted")
UNKNOWN = Failed("Unknown Error", "NVML nvmlInitWithFlags")


def test_a_container_that_may_not_open_its_device_has_lost_the_gpu() -> None:
    rig = rtx_4090(
        host=host(container=found("docker")),
        driver=driver(control_device=REFUSED),
        nvml=nvml_refusing(UNKNOWN),
    )
    finding = finding_of(rig, LOST)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert finding.remedy.commands == ("docker restart CONTAINER",)


def test_nvmls_unknown_error_in_a_container_is_enough() -> None:
    rig = rtx_4090(host=host(container=found("docker")), nvml=nvml_refusing(UNKNOWN))
    assert finding_of(rig, LOST).verdict is Verdict.FAIL


def test_on_a_host_it_means_something_else_and_a_driver_that_answers_is_well() -> None:
    assert finding_of(rtx_4090(nvml=nvml_refusing(UNKNOWN)), LOST).verdict is Verdict.SKIP
    rig = rtx_4090(host=host(container=found("docker")), driver=driver(control_device=REFUSED))
    assert finding_of(rig, LOST).verdict is Verdict.PASS


def test_the_error_in_a_pasted_text_counts_alone() -> None:
    rig = Rig(symptoms=met("container-lost-gpu", "Failed to initialize NVML: Unknown Error"))
    assert finding_of(rig, LOST).verdict is Verdict.FAIL
    host_beside_it = msgspec.structs.replace(rig, nvml=nvml())
    assert finding_of(host_beside_it, LOST).verdict is Verdict.FAIL
    assert finding_of(Rig(nvml=nvml()), LOST).verdict is Verdict.PASS
