"""The GPUs of a rig, joined from three sources."""

import msgspec

from rigcheck.facts import Absent, Gpu, Nvml, Pci, Torch, TorchDevice
from rigcheck.rules.gpus import known_gpus
from tests.rules.rigs import (
    NO_LIBRARY,
    card,
    cpu_laptop,
    found,
    gpu,
    nvml,
    nvml_refusing,
    rtx_4090,
    torch,
    torch_device,
)


def with_devices(*devices: TorchDevice) -> Torch:
    return msgspec.structs.replace(torch(), devices=found(devices))


def test_a_gpu_that_all_three_see_is_one_gpu() -> None:
    rig = rtx_4090(torch=with_devices(torch_device("0000:01:00.0", "8.9")))
    (only,) = known_gpus(rig)
    assert only.text == "NVIDIA GeForce RTX 4090 (8.9)"
    assert only.subject == "GPU 0"
    assert not only.is_hidden


def test_gpus_are_joined_by_bus_id_and_never_by_index() -> None:
    # CUDA counts the fastest first; NVML counts along the bus.
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card("0000:01:00.0"), card("0000:41:00.0")))),
        nvml=nvml(
            gpu(0, "NVIDIA GeForce GTX 960", None, "0000:01:00.0"),
            gpu(1, "NVIDIA GeForce RTX 4090", None, "0000:41:00.0"),
        ),
        torch=with_devices(
            torch_device("0000:41:00.0", "8.9"), torch_device("0000:01:00.0", "5.2")
        ),
    )
    assert [g.text for g in known_gpus(rig)] == [
        "NVIDIA GeForce GTX 960 (5.2)",
        "NVIDIA GeForce RTX 4090 (8.9)",
    ]


def test_a_card_that_the_driver_does_not_tell_of_is_counted_too() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(), card("0000:41:00.0", "GM206 [GeForce GTX 960]"))))
    )
    assert [g.subject for g in known_gpus(rig)] == ["GPU 0", "0000:41:00.0"]


def test_gpus_without_a_bus_id_are_not_counted_twice() -> None:
    rig = rtx_4090(nvml=Nvml(gpus=found((Gpu(index=0, name=found("NVIDIA GeForce RTX 4090")),))))
    assert len(known_gpus(rig)) == 1


def test_without_a_driver_the_name_on_the_bus_tells_the_compute_capability() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(name="GM206 [GeForce GTX 960]", driver=None),))),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    (only,) = known_gpus(rig)
    assert only.text == "GM206 [GeForce GTX 960] (5.2)"
    assert only.architecture == "Maxwell"
    assert "name" in only.compute_capability.source


def test_a_name_that_is_in_no_table_leaves_it_open() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(name="GZ999 [GeForce Tomorrow]"),))),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    (only,) = known_gpus(rig)
    assert isinstance(only.compute_capability, Absent)


def test_a_card_handed_to_a_virtual_machine_is_not_ours() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(driver="vfio-pci"),))), nvml=nvml_refusing(NO_LIBRARY)
    )
    assert known_gpus(rig) == ()


def test_a_gpu_that_torch_alone_sees_counts() -> None:
    rig = cpu_laptop(torch=with_devices(torch_device("0000:01:00.0")))
    (only,) = known_gpus(rig)
    assert only.text == "NVIDIA H200 (9.0)"


def test_rocm_devices_are_called_cuda_and_are_no_nvidia_gpus() -> None:
    rocm = msgspec.structs.replace(
        with_devices(torch_device("0000:03:00.0", "11.0", "AMD Radeon RX 7900 XTX")),
        hip_built_version=found("7.2"),
    )
    assert known_gpus(cpu_laptop(torch=rocm)) == ()


def test_a_gpu_that_torch_does_not_show_beside_another_is_hidden() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card("0000:01:00.0"), card("0000:41:00.0")))),
        nvml=nvml(gpu(0), gpu(1, "NVIDIA GeForce GTX 960", "5.2", "0000:41:00.0")),
        torch=with_devices(torch_device("0000:01:00.0", "8.9")),
    )
    assert [g.is_hidden for g in known_gpus(rig)] == [False, True]
