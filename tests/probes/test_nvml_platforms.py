"""What the probe tells of cards and platforms that are unlike a desktop's healthy card."""

import os
from pathlib import Path

import pytest

from rigcheck.facts import (
    Absent,
    Failed,
    Found,
    Gpu,
    Nvml,
    ProcessKind,
    Reason,
    RemappedRows,
    value_of,
)
from rigcheck.probes.nvml import read_nvml
from tests.nvml.fake import PlugInNvml
from tests.nvml.symbols import LACKS, SET_OF
from tests.probes.trees import write_tree


def gpus_of(part: Nvml) -> tuple[Gpu, ...]:
    assert isinstance(part.gpus, Found)
    return part.gpus.value


def only_gpu(root: Path = Path("/")) -> Gpu:
    (gpu,) = gpus_of(read_nvml(root=root))
    return gpu


def reason_of(fact: object) -> Reason | None:
    return fact.reason if isinstance(fact, Absent) else None


def test_gb10_shares_the_machine_s_memory_and_stands_in_no_slot(
    plug_in_nvml: PlugInNvml, tmp_path: Path
) -> None:
    plug_in_nvml("gb10")
    meminfo = "MemTotal: 125829120 kB\nMemAvailable: 94371840 kB\n"
    gpu = only_gpu(write_tree(tmp_path, {"proc/meminfo": meminfo}))
    assert gpu.memory_is_unified == Found(value=True, source="NVML nvmlDeviceGetMemoryInfo_v2")
    assert value_of(gpu.memory_total_bytes) == 120 * 1024**3
    assert value_of(gpu.memory_available_bytes) == 90 * 1024**3
    assert value_of(gpu.memory_used_bytes) == 21 * 1024**3, "what its processes hold"
    assert reason_of(gpu.pcie_generation_now) is Reason.NOT_APPLICABLE
    assert reason_of(gpu.resizable_bar) is Reason.NOT_APPLICABLE
    assert value_of(gpu.addressing_mode) == "ATS"


def test_wsl_tells_no_figure_where_windows_owns_it(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("wsl")
    gpu = only_gpu()
    assert value_of(gpu.memory_used_bytes) == 1_288_490_188
    assert gpu.memory_reserved_bytes == Absent(
        Reason.NOT_SUPPORTED, "NVML nvmlDeviceGetMemoryInfo_v2", "the driver gives no figure"
    )
    assert isinstance(gpu.processes, Found)
    (process,) = gpu.processes.value
    assert reason_of(process.memory_used_bytes) is Reason.NOT_SUPPORTED, "not 2^64 - 1"
    assert reason_of(gpu.persistence_mode) is Reason.NOT_SUPPORTED
    assert value_of(gpu.display_active) is True


@pytest.mark.parametrize("field", ["total", "used"])
def test_a_size_that_is_not_available_is_no_size(plug_in_nvml: PlugInNvml, field: str) -> None:
    plug_in_nvml("rtx-4090", f"gpu 0 memory_{field}_bytes 18446744073709551615")
    assert reason_of(getattr(only_gpu(), f"memory_{field}_bytes")) is Reason.NOT_SUPPORTED


def test_a_laptop_has_no_power_limit_and_no_fan_of_ours(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("laptop")
    gpu = only_gpu()
    limits = (gpu.power_limit_w, gpu.power_limit_enforced_w, gpu.power_limit_max_w)
    assert [reason_of(limit) for limit in limits] == [Reason.NOT_SUPPORTED] * 3
    assert reason_of(gpu.fan_percent) is Reason.NOT_SUPPORTED
    assert value_of(gpu.power_w) == 2.31


def test_a_card_for_sixteen_lanes_in_a_slot_with_four(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("pcie-x4")
    gpu = only_gpu()
    assert (value_of(gpu.pcie_width_now), value_of(gpu.pcie_width_max)) == (4, 4)


@pytest.mark.parametrize("lanes", ["0", "4294967295"])
def test_a_link_without_lanes_has_failed(plug_in_nvml: PlugInNvml, lanes: str) -> None:
    plug_in_nvml("rtx-4090", f"gpu 0 pcie_width_now {lanes}")
    assert only_gpu().pcie_width_now == Failed(
        f"the driver says {lanes}", "NVML nvmlDeviceGetCurrPcieLinkWidth"
    )


def test_rows_that_a_geforce_does_not_count_are_not_healthy_rows(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("rtx-4090")
    assert reason_of(only_gpu().remapped_rows) is Reason.NOT_SUPPORTED


def test_rows_that_a_geforce_does_count_are_told(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 remapped_rows 0 2 0 0")
    rows = value_of(only_gpu().remapped_rows)
    assert rows == RemappedRows(correctable=0, uncorrectable=2, pending=False, failure=False)


def test_a_bad_row_waits_for_a_reset(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("pending-remap")
    gpu = only_gpu()
    assert value_of(gpu.remapped_rows) == RemappedRows(
        correctable=0, uncorrectable=1, pending=True, failure=False
    )
    assert gpu.recovery_action == Found("GPU reset", "NVML field 230")
    assert value_of(gpu.ecc_corrected_aggregate) == 12
    assert value_of(gpu.ecc_enabled) is True


def test_pages_are_counted_by_cause(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("gtx-960", "gpu 0 retired_pages_0 3", "gpu 0 retired_pages_1 0")
    gpu = only_gpu()
    assert value_of(gpu.retired_pages_single_bit) == 3
    assert value_of(gpu.retired_pages_double_bit) == 0
    assert reason_of(gpu.retired_pages_pending) is Reason.NOT_SUPPORTED


def test_a_mig_parent_lists_its_slices_and_skips_the_empty_slot(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("mig")
    gpu = only_gpu()
    assert (value_of(gpu.mig_enabled), value_of(gpu.mig_enabled_after_reset)) == (True, True)
    assert isinstance(gpu.mig_instances, Found)
    large, small = gpu.mig_instances.value
    assert value_of(large.uuid) == "MIG-11111111-aaaa-bbbb-cccc-dddddddddddd"
    assert value_of(large.memory_total_bytes) == 20_937_965_568
    assert (value_of(small.gpu_instance), value_of(small.compute_instance)) == (9, 0)
    assert value_of(small.multiprocessors) == 14
    assert reason_of(gpu.remapped_rows) is Reason.NOT_SUPPORTED


def test_slices_are_not_applicable_while_mig_is_off(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("pending-remap")
    gpu = only_gpu()
    assert value_of(gpu.mig_enabled) is False
    assert reason_of(gpu.mig_instances) is Reason.NOT_APPLICABLE


def test_slices_that_we_may_not_see_say_so(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("mig", "gpu 0 fail nvmlDeviceGetMigDeviceHandleByIndex 4")
    assert reason_of(only_gpu().mig_instances) is Reason.NO_PERMISSION


def test_eight_h100_with_their_links_and_how_they_reach_one_another(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("eight-h100")
    part = read_nvml()
    gpus = gpus_of(part)
    assert [value_of(gpu.serial) for gpu in gpus] == [f"165442300000{n}" for n in range(8)]
    assert [value_of(gpu.sm_clock_mhz) for gpu in gpus].count(1980) == 7
    assert value_of(gpus[5].clocks_event_reasons) == ("software thermal slowdown",)
    assert isinstance(gpus[0].nvlinks, Found)
    links = gpus[0].nvlinks.value
    assert len(links) == 18
    assert {value_of(link.version) for link in links} == {"4.0"}
    assert isinstance(part.gpu_pairs, Found)
    pairs = part.gpu_pairs.value
    assert len({(pair.first, pair.second) for pair in pairs}) == 28
    assert {value_of(pair.common_ancestor) for pair in pairs} == {"system"}
    assert {value_of(pair.p2p_read) for pair in pairs} == {"ok"}
    assert {value_of(pair.p2p_nvlink) for pair in pairs} == {"ok"}


def test_a_driver_that_cannot_count_the_links_is_asked_for_one_after_the_other(
    plug_in_nvml: PlugInNvml,
) -> None:
    links = ("gpu 0 nvlink 0 1 3", "gpu 0 nvlink 1 0 3")
    plug_in_nvml("rtx-4090", *links)
    nvlinks = only_gpu().nvlinks
    assert isinstance(nvlinks, Found)
    assert [value_of(link.active) for link in nvlinks.value] == [True, False]
    assert [value_of(link.version) for link in nvlinks.value] == ["2.2", "2.2"]


def test_two_desktop_cards_cannot_read_each_other_s_memory(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("two-unlike")
    part = read_nvml()
    assert isinstance(part.gpu_pairs, Found)
    (pair,) = part.gpu_pairs.value
    assert pair.first == "GPU-960a1b2c-3d4e-5f60-7182-93a4b5c6d7e8"
    assert pair.second == "GPU-4090a1b2-c3d4-e5f6-0718-293a4b5c6d7e"
    assert value_of(pair.common_ancestor) == "host bridge"
    assert value_of(pair.p2p_read) == value_of(pair.p2p_write) == "chipset not supported"
    assert value_of(pair.p2p_nvlink) == "not supported"


def test_processes_have_a_kind_memory_and_a_name_if_they_are_ours(
    plug_in_nvml: PlugInNvml,
) -> None:
    own = os.getpid()
    plug_in_nvml(
        "rtx-4090",
        f"gpu 0 process compute {own} 1048576",
        "gpu 0 process graphics 4194300 2048",
        f"gpu 0 process mps {own} unknown",
    )
    processes = only_gpu().processes
    assert isinstance(processes, Found)
    ours, gone, client = processes.value
    assert (ours.pid, ours.kind, value_of(ours.memory_used_bytes)) == (
        own,
        ProcessKind.COMPUTE,
        1_048_576,
    )
    assert value_of(ours.name) == Path("/proc/self/comm").read_text().strip()
    assert gone.kind is ProcessKind.GRAPHICS
    assert reason_of(gone.name) is Reason.NOT_THERE
    assert (client.kind, reason_of(client.memory_used_bytes)) == (
        ProcessKind.MPS,
        Reason.NOT_SUPPORTED,
    )


def test_another_user_s_process_keeps_its_name(plug_in_nvml: PlugInNvml, tmp_path: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can make a folder that is another user's")
    plug_in_nvml("rtx-4090", "gpu 0 process compute 77 1024")
    root = write_tree(tmp_path, {"proc/77/comm": "secret\n", "proc/meminfo": "MemTotal: 8 kB\n"})
    os.chown(root / "proc/77", 12345, 12345)
    processes = only_gpu(root).processes
    assert isinstance(processes, Found)
    assert reason_of(processes.value[0].name) is Reason.NO_PERMISSION


@pytest.mark.parametrize("driver", sorted(LACKS), ids=SET_OF.__getitem__)
def test_each_driver_s_library_tells_the_same_of_a_card_by_the_calls_it_has(
    plug_in_nvml: PlugInNvml, driver: str
) -> None:
    """Of 535 and 550 by their own symbol tables; of 580 and 610 by the header that declares all."""
    plug_in_nvml("rtx-4090", f"system driver_version {driver}", *LACKS[driver])
    gpu = only_gpu()
    facts = {name: getattr(gpu, name) for name in gpu.__struct_fields__[1:]}
    lacking = {n for n, fact in facts.items() if reason_of(fact) is Reason.NOT_IN_DRIVER}
    assert lacking == ({"temperature_margin_c", "addressing_mode"} if LACKS[driver] else set())
    assert not [fact for fact in facts.values() if isinstance(fact, Failed)]
    assert isinstance(gpu.temperature_c, Found)


def test_the_470_branch_tells_by_its_older_calls_what_it_can(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("driver-470", "gpu 0 process compute 4194300 2048")
    gpu = only_gpu()
    facts = {name: getattr(gpu, name) for name in gpu.__struct_fields__[1:]}
    lacking = {n for n, fact in facts.items() if reason_of(fact) is Reason.NOT_IN_DRIVER}
    assert lacking == {
        "memory_reserved_bytes",
        "pcie_generation_card_max",
        "temperature_margin_c",
        "addressing_mode",
    }
    assert value_of(gpu.clocks_event_reasons) == ("idle",)
    assert value_of(gpu.fan_percent) == (0,)
    assert isinstance(gpu.processes, Found)
    assert gpu.processes.source == "NVML nvmlDeviceGetComputeRunningProcesses_v2"


def test_processes_that_a_driver_lays_out_wider_are_not_scrambled(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml(
        "rtx-4090",
        "missing nvmlDeviceGetRunningProcessDetailList",
        *LACKS["535.261.03"],
        "system driver_version 535.86.05",
        "system process_bytes 32",
        *(f"gpu 0 process compute {pid} {pid}000" for pid in (4194301, 4194302, 4194303)),
    )
    processes = only_gpu().processes
    assert isinstance(processes, Found)
    told = [(p.pid, value_of(p.memory_used_bytes)) for p in processes.value]
    assert told == [(pid, pid * 1000) for pid in (4194301, 4194302, 4194303)]


@pytest.mark.parametrize(
    "call",
    [
        "nvmlDeviceGetSerial",
        "nvmlDeviceGetVbiosVersion",
        "nvmlDeviceGetBoardPartNumber",
    ],
)
def test_garbage_in_any_text_is_kept_as_far_as_it_is_readable(
    plug_in_nvml: PlugInNvml, call: str
) -> None:
    field = {
        "nvmlDeviceGetSerial": "serial",
        "nvmlDeviceGetVbiosVersion": "vbios_version",
        "nvmlDeviceGetBoardPartNumber": "board_part_number",
    }[call]
    plug_in_nvml("rtx-4090", rf"gpu 0 {field} A\xc3(\xa0\x1b]0;x\x07B")
    assert value_of(getattr(only_gpu(), field)) == "A\ufffd(\ufffd\x1b]0;x\x07B"
    plug_in_nvml("rtx-4090", f"gpu 0 fail {call} 999")
    assert getattr(only_gpu(), field) == Failed("Unknown Error (NVML 999)", f"NVML {call}")


INIT = "NVML nvmlInitWithFlags"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (4, Absent(Reason.NO_PERMISSION, INIT, "Insufficient Permissions")),
        (9, Absent(Reason.NOT_THERE, INIT, "Driver Not Loaded")),
        (12, Absent(Reason.NOT_THERE, INIT, "NVML Shared Library Not Found")),
        (18, Failed("Driver/library version mismatch", INIT)),
        (999, Failed("Unknown Error (NVML 999)", INIT)),
    ],
)
def test_every_refusal_to_start_is_told_in_every_fact(
    plug_in_nvml: PlugInNvml, code: int, why: Absent | Failed
) -> None:
    plug_in_nvml("rtx-4090", f"system fail nvmlInitWithFlags {code}")
    part = read_nvml()
    assert part.gpus == part.gpu_pairs == part.driver_version == part.cuda_version == why
    assert value_of(part.nvml_version) == "13.580.95.05"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (8, Failed("Insufficient External Power", "NVML nvmlDeviceGetHandleByIndex")),
        (11, Failed("Interrupt Request Issue", "NVML nvmlDeviceGetHandleByIndex")),
        (15, Absent(Reason.GPU_LOST, "NVML nvmlDeviceGetHandleByIndex", "GPU is lost")),
        (16, Failed("GPU requires reset", "NVML nvmlDeviceGetHandleByIndex")),
    ],
)
def test_one_bad_gpu_does_not_hide_seven_good_ones(
    plug_in_nvml: PlugInNvml, code: int, why: Absent | Failed
) -> None:
    plug_in_nvml("eight-h100", f"gpu 3 fail nvmlDeviceGetHandleByIndex_v2 {code}")
    part = read_nvml()
    gpus = gpus_of(part)
    assert [gpu.index for gpu in gpus if gpu.uuid == why] == [3]
    assert sum(isinstance(gpu.nvlinks, Found) for gpu in gpus) == 7
    assert isinstance(part.gpu_pairs, Found)
    assert len(part.gpu_pairs.value) == 21


def test_a_gpu_that_is_lost_while_it_is_asked_keeps_what_it_had_told(
    plug_in_nvml: PlugInNvml,
) -> None:
    # The first calls are for its identity.
    plug_in_nvml("rtx-4090", "gpu 0 fail * 15 12")
    gpu = only_gpu()
    assert isinstance(gpu.uuid, Found)
    assert reason_of(gpu.processes) is Reason.GPU_LOST


def test_the_library_can_be_named(
    plug_in_nvml: PlugInNvml, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug_in_nvml("gtx-960")
    folder = os.environ["LD_LIBRARY_PATH"].partition(":")[0]
    monkeypatch.delenv("LD_LIBRARY_PATH")
    part = read_nvml(library=f"{folder}/libnvidia-ml.so.1")
    assert value_of(gpus_of(part)[0].name) == "NVIDIA GeForce GTX 960"
