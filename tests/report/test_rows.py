import msgspec
import pytest

from rigcheck.facts import (
    Absent,
    Cache,
    Cpu,
    Driver,
    Failed,
    Filesystem,
    Found,
    Framework,
    Frameworks,
    Gpu,
    GpuProcess,
    LoadedLibrary,
    Memory,
    Network,
    NetworkInterface,
    NvLink,
    Nvml,
    Part,
    Pci,
    PciGpu,
    ProcessKind,
    PythonEnv,
    Reason,
    RemappedRows,
    Rig,
    Stage,
    Storage,
    Torch,
    TorchDevice,
)
from rigcheck.report.rows import Row, fact_text, label_of, rows, value_text

GIB = 1 << 30
SOURCE = "/proc/thing"


def found(value: object) -> Found[object]:
    return Found(value, SOURCE)


def texts(part: Part) -> dict[str, str]:
    return {row.label: row.text for row in rows(part)}


def test_a_part_nobody_asked_for_has_no_rows() -> None:
    assert all(rows(getattr(Rig(), f.name)) == () for f in msgspec.structs.fields(Rig))


def test_a_value_carries_its_unit_and_its_source() -> None:
    part = Memory(total_bytes=Found(20 * GIB, "/proc/meminfo"))
    assert rows(part) == (Row("total", "20.0 GiB", "/proc/meminfo", "found"),)


def test_a_lack_says_why_and_is_not_zero() -> None:
    part = Cpu(
        quota_cpus=Absent(Reason.NOT_THERE, "cpu.max"),
        governor=Absent(Reason.NO_PERMISSION, "/sys/x", "mode 600"),
        model=Failed("Input/output error", "/proc/cpuinfo"),
    )
    assert rows(part) == (
        Row("model", "Input/output error", "/proc/cpuinfo", "failed"),
        Row("CPU quota", "not there", "cpu.max", "absent"),
        Row("governor", "no permission (mode 600)", "/sys/x", "absent"),
    )


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("total_bytes", 4 * GIB, "4.0 GiB"),
        ("uptime_s", 75.0, "1 min 15 s"),
        ("frequency_now_mhz", 2450.0, "2.45 GHz"),
        ("frequency_now_mhz", 800.0, "800 MHz"),
        ("link_speed_mbit_per_s", 1000, "1000 Mbit/s"),
        ("quota_cpus", 1.5, "1.5 CPUs"),
        ("over_ssh", True, "yes"),
        ("cores", 0, "0"),
        ("arch_list", ("sm_75", "sm_120"), "sm_75, sm_120"),
        ("sshd_listen_addresses", (), "none"),
        ("flags", tuple(map(str, range(25))), "25 in all"),
    ],
)
def test_values_are_told_in_the_unit_of_their_name(name: str, value: object, text: str) -> None:
    assert value_text(name, value) == text


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("memory_total_bytes", "memory total"),
        ("link_speed_mbit_per_s", "link speed"),
        ("threads", "threads"),
        ("cudnn_version", "cuDNN version"),
        ("pci_bus_id", "PCI bus ID"),
        ("x86_64_level", "x86-64 level"),
        ("cuda_built_version", "built with CUDA"),
    ],
)
def test_labels_are_what_people_call_it(name: str, label: str) -> None:
    assert label_of(name) == label


def test_each_of_several_things_gets_a_row() -> None:
    interfaces = (
        NetworkInterface(
            name="eth0", up=True, wireless=False, link_speed_mbit_per_s=Found(100, "")
        ),
        NetworkInterface(
            name="wlan0",
            up=True,
            wireless=True,
            link_speed_mbit_per_s=Absent(Reason.NOT_SUPPORTED, ""),
        ),
        NetworkInterface(
            name="eth1",
            up=False,
            wireless=False,
            link_speed_mbit_per_s=Absent(Reason.NOT_APPLICABLE, ""),
        ),
    )
    assert texts(Network(interfaces=Found(interfaces, SOURCE))) == {
        "eth0": "up, wired, 100 Mbit/s",
        "wlan0": "up, wireless, speed not supported",
        "eth1": "down, wired",
    }


def test_no_things_at_all_is_said() -> None:
    assert texts(Pci(nvidia_gpus=Found((), SOURCE))) == {"NVIDIA GPUs": "none"}


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


def test_foreign_text_is_made_safe_wherever_it_stands() -> None:
    escape = "\x1b]0;owned\x07"
    gpu = Gpu(index=0, name=Found(escape, escape))
    parts: tuple[Part, ...] = (
        Cpu(model=Found(escape, escape)),
        Cpu(model=Failed(escape, escape)),
        Cpu(model=Absent(Reason.NOT_THERE, escape, escape)),
        Cpu(deep_learning_flags=Found((escape,), escape)),
        Nvml(gpus=Found((gpu,), escape)),
        PythonEnv(distributions=Found((), escape)),
    )
    told = [
        field for part in parts for row in rows(part) for field in (row.label, row.text, row.source)
    ]
    assert told
    assert not any(c < " " or c == "\x7f" for field in told for c in field)


def test_a_fact_is_told_alone_too() -> None:
    assert fact_text("total_bytes", Found(GIB, "")) == "1.0 GiB"
    assert fact_text("total_bytes", Absent(Reason.NOT_IN_DRIVER, "")) == "not in this driver"


def test_a_gpu_has_a_row_for_each_fact_with_its_unit_or_the_reason_of_its_lack() -> None:
    gpu = Gpu(
        index=3,
        name=Found("NVIDIA GB10", SOURCE),
        memory_is_unified=Found(value=True, source=SOURCE),
        power_w=Found(38.5, SOURCE),
        temperature_c=Found(61.0, SOURCE),
        fan_percent=Found((30, 45), SOURCE),
        sm_clock_mhz=Found(2411, SOURCE),
        remapped_rows=Found(
            RemappedRows(correctable=0, uncorrectable=1, pending=True, failure=False), SOURCE
        ),
        ecc_enabled=Absent(Reason.NOT_SUPPORTED, SOURCE, "Not Supported"),
        pcie_width_now=Absent(Reason.NOT_APPLICABLE, SOURCE, "no card in a slot"),
    )
    assert texts(Nvml(gpus=Found((gpu,), SOURCE))) == {
        "GPU 3": "NVIDIA GB10, memory shared with the machine",
        "GPU 3 memory is unified": "yes",
        "GPU 3 power": "38.5 W",
        "GPU 3 temperature": "61 °C",
        "GPU 3 fan": "30 %, 45 %",
        "GPU 3 SM clock": "2.41 GHz",
        "GPU 3 remapped rows": "correctable 0, uncorrectable 1, pending yes, failure no",
        "GPU 3 ECC enabled": "not supported",
        "GPU 3 PCIe width now": "not applicable (no card in a slot)",
    }


def test_a_gpu_s_processes_links_and_slices_have_a_row_each() -> None:
    process = GpuProcess(
        pid=77,
        kind=ProcessKind.COMPUTE,
        memory_used_bytes=Found(GIB, SOURCE),
        name=Absent(Reason.NO_PERMISSION, SOURCE, "another user's process"),
    )
    link = NvLink(link=2, active=Found(value=True, source=SOURCE), version=Found("4.0", SOURCE))
    gpu = Gpu(index=0, processes=Found((process,), SOURCE), nvlinks=Found((link,), SOURCE))
    told = texts(Nvml(gpus=Found((gpu,), SOURCE)))
    assert told["GPU 0 process 77"] == (
        "kind compute, memory used 1.0 GiB, name no permission (another user's process)"
    )
    assert told["GPU 0 NVLink 2"] == "active yes, version 4.0"


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


@pytest.mark.parametrize("reason", list(Reason))
def test_each_reason_of_a_lack_is_told_in_its_words(reason: Reason) -> None:
    gpu = Gpu(index=0, power_w=Absent(reason, SOURCE))
    told = [row for row in rows(Nvml(gpus=Found((gpu,), SOURCE))) if row.label == "GPU 0 power"]
    assert [row.text for row in told] == ([] if reason is Reason.NOT_ASKED else [reason.value])


def test_a_framework_has_a_row_a_stage_and_a_library() -> None:
    library = LoadedLibrary(
        name="libcudnn.so.9",
        path="/site/libcudnn.so.9",
        owner=Found("nvidia-cudnn-cu13 9.26", "RECORD"),
        found_by=Found("RPATH of libtorch.so", "maps"),
    )
    stages = (
        Stage(name="BLAS", device="cuda:0", duration_s=0.0123, error=""),
        Stage(name="convolution", device="cuda:0", duration_s=2, error="died of SIGSEGV"),
    )
    framework = Framework(
        name="keras",
        backend=Found("jax", "metadata"),
        version=Found("3.15.1", "metadata"),
        sees_gpu=Found(True, "keras"),
        stages=Found(stages, "rigcheck"),
        loaded_libraries=Found((library,), "maps"),
    )
    told = rows(Frameworks(installed=Found((framework,), "metadata")))
    assert [(row.label, row.text) for row in told] == [
        ("keras on jax", "version 3.15.1, sees a GPU yes"),
        ("keras on jax BLAS on cuda:0", "0.012 s"),
        ("keras on jax convolution on cuda:0", "failed after 2.00 s: died of SIGSEGV"),
        (
            "keras on jax libcudnn.so.9",
            "/site/libcudnn.so.9, of nvidia-cudnn-cu13 9.26, found by RPATH of libtorch.so",
        ),
    ]
