import msgspec
import pytest

from rigcheck.facts import (
    Absent,
    Cpu,
    Failed,
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
    ProcessKind,
    PythonEnv,
    Reason,
    RemappedRows,
    Rig,
    Stage,
)
from rigcheck.report.rows import Row, rows
from tests.report.rows.texts import texts

GIB = 1 << 30
SOURCE = "/proc/thing"


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
