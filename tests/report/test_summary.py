import pytest

from rigcheck.facts import (
    Absent,
    Cpu,
    Driver,
    Failed,
    Found,
    Gpu,
    Host,
    Memory,
    Network,
    NetworkInterface,
    Nvml,
    Pci,
    PciGpu,
    Reason,
    Rig,
    Torch,
)
from rigcheck.probes.probe import Probe
from rigcheck.probes.registry import PROBES
from rigcheck.report.summary import summary


def found(value: object) -> Found:  # type: ignore[type-arg]
    return Found(value, "test")


NOT_THERE = Absent(Reason.NOT_THERE, "test")
NO_PERMISSION = Absent(Reason.NO_PERMISSION, "test")


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.part)
def test_every_part_has_a_line_and_it_is_empty_while_nothing_is_known(probe: Probe) -> None:
    assert summary(Rig(), probe.part) == ""


def test_a_cpu_without_avx2_says_so() -> None:
    cpu = Cpu(
        model=found("AMD Athlon(tm) X4 860K"),
        cores=found(4),
        x86_64_level=found(2),
        missing_for_next_level=found(("avx2", "bmi2", "movbe")),
    )
    assert summary(Rig(cpu=cpu), "cpu") == (
        "AMD Athlon(tm) X4 860K · 4 cores · x86-64-v2 · no AVX2"
    )


def test_a_host_tells_what_it_runs_in() -> None:
    host = Host(
        distribution=found("Ubuntu 24.04.3 LTS"),
        kernel_release=found("6.8.0"),
        container=found("podman"),
        over_ssh=found(value=True),
    )
    assert summary(Rig(host=host), "host") == (
        "Ubuntu 24.04.3 LTS · kernel 6.8.0 · in podman · over SSH"
    )


def test_sizes_have_their_unit() -> None:
    memory = Memory(total_bytes=found(16 * 2**30), available_bytes=found(3 * 2**29))
    assert summary(Rig(memory=memory), "memory") == "16.0 GiB · 1.5 GiB free"


def test_a_link_whose_speed_is_unknown_is_not_zero() -> None:
    interfaces = (
        NetworkInterface(name="eth0", up=True, wireless=False, link_speed_mbit_per_s=found(1000)),
        NetworkInterface(name="eth1", up=True, wireless=False, link_speed_mbit_per_s=NOT_THERE),
        NetworkInterface(name="eth2", up=False, wireless=False, link_speed_mbit_per_s=NOT_THERE),
    )
    rig = Rig(network=Network(interfaces=found(interfaces)))
    assert summary(rig, "network") == "eth0 1000 Mb/s · eth1 speed unknown"


@pytest.mark.parametrize(
    ("driver", "line"),
    [
        (Driver(module_version=NOT_THERE), "not loaded"),
        (Driver(module_version=NO_PERMISSION), "no permission"),
        (Driver(module_version=Failed("input/output error", "test")), "input/output error"),
        (
            Driver(module_version=found("580.95.05"), module_kind=found("open")),
            "580.95.05 open module",
        ),
        (
            Driver(module_version=NOT_THERE, nouveau_loaded=found(value=True)),
            "not loaded · nouveau is loaded",
        ),
    ],
)
def test_a_driver_that_is_not_loaded_and_one_that_cannot_be_read_differ(
    driver: Driver, line: str
) -> None:
    assert summary(Rig(driver=driver), "driver") == line


def test_gpus_are_named_with_their_memory() -> None:
    gpu = Gpu(index=1, name=found("NVIDIA GeForce GTX 960"), memory_total_bytes=found(4 * 2**30))
    rig = Rig(nvml=Nvml(gpus=found((gpu,)), cuda_version=found("13.0")))
    assert summary(rig, "nvml") == "GPU 1 NVIDIA GeForce GTX 960 4.0 GiB · CUDA 13.0"


def test_a_card_without_a_name_is_told_by_its_ids() -> None:
    card = PciGpu(
        pci_bus_id="0000:01:00.0", device_id="10de:1401", name=NOT_THERE, kernel_driver=NOT_THERE
    )
    rig = Rig(pci=Pci(nvidia_gpus=found((card,))))
    assert summary(rig, "pci") == "0000:01:00.0 10de:1401"
    assert summary(Rig(pci=Pci(nvidia_gpus=found(()))), "pci") == "no NVIDIA GPU"


@pytest.mark.parametrize(
    ("torch", "line"),
    [
        (Torch(version=NOT_THERE), "not installed"),
        (Torch(version=Failed("died of SIGILL\nmore", "test")), "died of SIGILL"),
        (
            Torch(version=found("2.14.1+cu126"), cudnn_version=found("9.10.2")),
            "2.14.1+cu126 · cuDNN 9.10.2",
        ),
    ],
)
def test_torch_is_told_by_how_far_it_came(torch: Torch, line: str) -> None:
    assert summary(Rig(torch=torch), "torch") == line
