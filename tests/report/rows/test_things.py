import msgspec
import pytest

from rigcheck.facts import (
    Absent,
    Cache,
    Cpu,
    Driver,
    Filesystem,
    Found,
    Gpu,
    KernelLog,
    Nvml,
    OomKill,
    Pci,
    PciGpu,
    Reason,
    Storage,
    Torch,
    TorchDevice,
)
from tests.report.rows.texts import texts

GIB = 1 << 30
SOURCE = "/proc/thing"


def test_a_gpu_is_one_row_and_its_lacks_keep_their_labels() -> None:
    gpu = Gpu(
        index=1,
        name=Found("NVIDIA GeForce GTX 960", SOURCE),
        memory_total_bytes=Found(4 * GIB, SOURCE),
        compute_capability=Found("5.2", SOURCE),
        pci_bus_id=Absent(Reason.GPU_LOST, SOURCE),
    )
    assert texts(Nvml(gpus=Found((gpu,), SOURCE))) == {
        "GPU 1": "NVIDIA GeForce GTX 960, 4.0 GiB, compute capability 5.2, PCI bus ID GPU lost"
    }


def test_caches_filesystems_bus_and_torch_devices_are_told_in_one_line_each() -> None:
    cache = Cache(level=2, kind="Unified", size_bytes=1 << 20, instances=8)
    disk = Filesystem(
        purpose="data",
        path="/srv/mnist",
        mount_point="/srv",
        kind="ext4",
        total_bytes=64 * GIB,
        free_bytes=3 * GIB,
    )
    card = PciGpu(
        pci_bus_id="0000:01:00.0",
        device_id="10de:1401",
        name=Found("GM206 [GeForce GTX 960]", SOURCE),
        kernel_driver=Absent(Reason.NOT_THERE, SOURCE),
    )
    device = TorchDevice(device="cuda:0", name="GTX 960", memory_total_bytes=Found(GIB, SOURCE))
    assert texts(Cpu(caches=Found((cache,), SOURCE))) == {"L2 unified": "8 × 1.0 MiB"}
    assert texts(Storage(filesystems=Found((disk,), SOURCE))) == {
        "data": "3.0 GiB free of 64.0 GiB, ext4 on /srv: /srv/mnist"
    }
    assert texts(Pci(nvidia_gpus=Found((card,), SOURCE))) == {
        "0000:01:00.0": "GM206 [GeForce GTX 960], 10de:1401, no driver bound"
    }
    assert texts(Torch(devices=Found((device,), SOURCE))) == {"cuda:0": "GTX 960, 1.0 GiB"}


def test_a_thing_of_unknown_type_is_told_by_its_fields() -> None:
    class Fan(msgspec.Struct, frozen=True):
        place: str
        speed_mhz: float
        stopped: Absent

    fans = (Fan("rear", 900.0, Absent(Reason.NOT_SUPPORTED, "")),)
    assert texts(Driver(library_path=Found(fans, SOURCE))) == {  # type: ignore[arg-type]
        "rear": "speed 900 MHz, stopped not supported"
    }


def test_a_card_on_the_bus_is_told_with_its_slot() -> None:
    card = PciGpu(
        pci_bus_id="0000:01:00.0",
        device_id="10de:1401",
        name=Found("GM206", SOURCE),
        kernel_driver=Found("nvidia", SOURCE),
        card_width_max=Found(16, SOURCE),
        slot_width_max=Found(4, SOURCE),
    )
    assert texts(Pci(nvidia_gpus=Found((card,), SOURCE))) == {
        "0000:01:00.0": "GM206, 10de:1401, driver nvidia, card width max 16, slot width max 4"
    }


@pytest.mark.parametrize(
    ("count", "is_group_limit", "text"),
    [
        (1, False, "memory of the machine, once, 2 min 5 s after boot"),
        (3, True, "memory of its control group, 3 times, first 2 min 5 s after boot"),
    ],
)
def test_a_process_ended_for_want_of_memory_is_told_with_how_often(
    count: int, is_group_limit: bool, text: str
) -> None:
    kill = OomKill(
        process="python3", is_group_limit=is_group_limit, count=count, first_s=125.4, text="…"
    )
    told = texts(KernelLog(oom_kills=Found((kill,), SOURCE)))
    assert told == {"out of memory: python3": text}
