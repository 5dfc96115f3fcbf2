"""Probe, child, pynvml and a real shared library, with the driver that a scenario describes."""

import os
from pathlib import Path

import psutil
import pytest

from rigcheck.facts import Absent, Fact, Failed, Found, Gpu, Nvml, Reason
from rigcheck.probes.nvml import read_nvml
from tests.nvml.fake import FakeNvml, PlugInNvml

RTX_4090_FACTS: dict[str, Fact[object]] = {
    "uuid": Found("GPU-4090a1b2-c3d4-e5f6-0718-293a4b5c6d7e", "NVML nvmlDeviceGetUUID"),
    "pci_bus_id": Found("0000:01:00.0", "NVML nvmlDeviceGetPciInfo"),
    "name": Found("NVIDIA GeForce RTX 4090", "NVML nvmlDeviceGetName"),
    "brand": Found("GeForce", "NVML nvmlDeviceGetBrand"),
    "architecture": Found("Ada", "NVML nvmlDeviceGetArchitecture"),
    "compute_capability": Found("8.9", "NVML nvmlDeviceGetCudaComputeCapability"),
    "vbios_version": Found("95.02.3C.80.B9", "NVML nvmlDeviceGetVbiosVersion"),
    "memory_total_bytes": Found(25_757_220_864, "NVML nvmlDeviceGetMemoryInfo_v2"),
    "memory_reserved_bytes": Found(408_944_640, "NVML nvmlDeviceGetMemoryInfo_v2"),
    "memory_used_bytes": Found(6_442_450_944, "NVML nvmlDeviceGetMemoryInfo_v2"),
    "memory_is_unified": Found(value=False, source="NVML nvmlDeviceGetMemoryInfo_v2"),
}
NOT_OF_A_GEFORCE = {
    "serial",
    "board_part_number",
    "temperature_memory_max_c",
    "ecc_corrected_volatile",
    "ecc_uncorrected_volatile",
    "ecc_corrected_aggregate",
    "ecc_uncorrected_aggregate",
    "retired_pages_single_bit",
    "retired_pages_double_bit",
    "retired_pages_pending",
    "remapped_rows",
    "mig_enabled",
    "mig_enabled_after_reset",
    "mig_instances",
    "nvlinks",
}
"""What the RTX 4090 of the scenario does not support."""


def gpus_of(part: Nvml) -> tuple[Gpu, ...]:
    assert isinstance(part.gpus, Found)
    return part.gpus.value


def facts_of(gpu: Gpu) -> dict[str, Fact[object]]:
    """All but the index."""
    return {name: getattr(gpu, name) for name in gpu.__struct_fields__[1:]}


def missing(gpu: Gpu) -> set[str]:
    return {name for name, fact in facts_of(gpu).items() if not isinstance(fact, Found)}


def test_a_healthy_card_and_its_driver(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("rtx-4090", "gpu 0 memory_used_bytes 6442450944")
    part = read_nvml()
    assert (part.driver_version, part.nvml_version, part.cuda_version) == (
        Found("580.95.05", "NVML nvmlSystemGetDriverVersion"),
        Found("13.580.95.05", "NVML nvmlSystemGetNVMLVersion"),
        Found("13.0", "NVML nvmlSystemGetCudaDriverVersion_v2"),
    )
    assert part.gpu_pairs == Found((), "NVML nvmlDeviceGetCount")
    (gpu,) = gpus_of(part)
    facts = facts_of(gpu)
    assert {name: facts[name] for name in RTX_4090_FACTS} == RTX_4090_FACTS
    assert missing(gpu) == NOT_OF_A_GEFORCE


def test_an_old_card_in_use_by_nobody(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("gtx-960")
    (gpu,) = gpus_of(read_nvml())
    assert gpu.name == Found("NVIDIA GeForce GTX 960", "NVML nvmlDeviceGetName")
    assert gpu.compute_capability == Found("5.2", "NVML nvmlDeviceGetCudaComputeCapability")
    assert gpu.memory_total_bytes == Found(4 * 1024**3, "NVML nvmlDeviceGetMemoryInfo_v2")


def test_two_unlike_cards_keep_nvml_s_order_and_their_own_facts(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("two-unlike")
    first, second = gpus_of(read_nvml())
    assert (first.index, first.compute_capability) == (
        0,
        Found("5.2", "NVML nvmlDeviceGetCudaComputeCapability"),
    )
    own = RTX_4090_FACTS | {"pci_bus_id": Found("0000:0b:00.0", "NVML nvmlDeviceGetPciInfo")}
    assert second.index == 1
    assert {name: getattr(second, name) for name in own} == own


def test_a_driver_without_a_card_has_none(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("no-gpu")
    assert read_nvml().gpus == Found((), "NVML nvmlDeviceGetCount")


INIT = "NVML nvmlInitWithFlags"


@pytest.mark.parametrize(
    ("scenario", "why"),
    [
        ("driver-not-loaded", Absent(Reason.NOT_THERE, INIT, "Driver Not Loaded")),
        ("no-permission", Absent(Reason.NO_PERMISSION, INIT, "Insufficient Permissions")),
        ("version-mismatch", Failed("Driver/library version mismatch", INIT)),
    ],
)
def test_a_driver_that_does_not_start_says_why_and_the_library_its_version(
    plug_in_nvml: PlugInNvml, scenario: str, why: Absent | Failed
) -> None:
    plug_in_nvml(scenario)
    assert read_nvml() == Nvml(
        driver_version=why,
        nvml_version=Found("13.580.95.05", "NVML nvmlSystemGetNVMLVersion"),
        cuda_version=why,
        gpus=why,
        gpu_pairs=why,
    )


def test_without_the_library_every_fact_is_missing_for_that_reason(tmp_path: Path) -> None:
    path = tmp_path / "libnvidia-ml.so.1"
    text = f"{path}: cannot open shared object file: No such file or directory"
    why = Absent(Reason.NOT_THERE, f"dlopen {path}", text)
    assert read_nvml(str(path)) == Nvml(
        driver_version=why, nvml_version=why, cuda_version=why, gpus=why, gpu_pairs=why
    )


def test_a_damaged_library_is_there_and_fails_in_the_loaders_words(tmp_path: Path) -> None:
    path = tmp_path / "libnvidia-ml.so.1"
    path.write_bytes(b"this is no library\n" * 10)
    assert read_nvml(str(path)).gpus == Failed(f"{path}: invalid ELF header", f"dlopen {path}")


def test_a_library_cut_in_half_takes_nobody_along(
    fake_nvml: FakeNvml, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fake_nvml("rtx-4090")["LD_LIBRARY_PATH"].partition(":")[0]
    whole = (Path(folder) / "libnvidia-ml.so.1").read_bytes()
    (tmp_path / "libnvidia-ml.so.1").write_bytes(whole[: len(whole) // 2])
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    part = read_nvml()
    assert isinstance(part.gpus, Failed)
    assert part.driver_version == part.nvml_version == part.cuda_version == part.gpus


def test_a_driver_without_the_newer_memory_call_tells_what_the_older_one_knows(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("driver-470")
    (gpu,) = gpus_of(read_nvml())
    assert gpu.memory_total_bytes == Found(4_294_967_296, "NVML nvmlDeviceGetMemoryInfo")
    assert gpu.memory_used_bytes == Found(68_157_440, "NVML nvmlDeviceGetMemoryInfo")
    assert gpu.memory_reserved_bytes == Absent(
        Reason.NOT_IN_DRIVER, "NVML nvmlDeviceGetMemoryInfo_v2", "Function Not Found"
    )


def test_an_old_library_tells_its_version_once_it_is_initialised(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("driver-470")
    assert read_nvml().nvml_version == Found("11.470.256.02", "NVML nvmlSystemGetNVMLVersion")


def test_an_old_library_that_cannot_be_initialised_tells_no_version(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("driver-470", "system fail nvmlInitWithFlags 9")
    assert read_nvml().nvml_version == Absent(Reason.NOT_THERE, INIT, "Driver Not Loaded")


def test_a_gpu_that_is_lost_says_so_in_every_fact_and_the_other_answers(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("two-unlike", "gpu 0 fail nvmlDeviceGetHandleByIndex_v2 15")
    lost, good = gpus_of(read_nvml())
    why = Absent(Reason.GPU_LOST, "NVML nvmlDeviceGetHandleByIndex", "GPU is lost")
    assert lost.index == 0
    assert all(fact == why for fact in facts_of(lost).values())
    assert missing(good) == NOT_OF_A_GEFORCE


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (3, Reason.NOT_SUPPORTED),
        (4, Reason.NO_PERMISSION),
        (13, Reason.NOT_IN_DRIVER),
        (15, Reason.GPU_LOST),
    ],
)
def test_a_call_that_is_refused_is_absent_for_that_reason_and_no_other_fact_is(
    plug_in_nvml: PlugInNvml, code: int, reason: Reason
) -> None:
    plug_in_nvml("rtx-4090", f"gpu 0 fail nvmlDeviceGetName {code}")
    facts = facts_of(gpus_of(read_nvml())[0])
    name = facts.pop("name")
    assert isinstance(name, Absent)
    assert (name.reason, name.source) == (reason, "NVML nvmlDeviceGetName")
    assert {n for n, fact in facts.items() if not isinstance(fact, Found)} == NOT_OF_A_GEFORCE


@pytest.mark.parametrize(
    ("code", "words"), [(8, "Insufficient External Power"), (999, "Unknown Error (NVML 999)")]
)
def test_an_error_without_a_meaning_of_ours_keeps_the_drivers_words(
    plug_in_nvml: PlugInNvml, code: int, words: str
) -> None:
    plug_in_nvml("rtx-4090", f"gpu 0 fail nvmlDeviceGetName {code}")
    assert gpus_of(read_nvml())[0].name == Failed(words, "NVML nvmlDeviceGetName")


def test_a_missing_libcuda_is_said_and_no_version_made_up(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("rtx-4090", "system fail nvmlSystemGetCudaDriverVersion_v2 12")
    assert read_nvml().cuda_version == Absent(
        Reason.NOT_THERE,
        "NVML nvmlSystemGetCudaDriverVersion_v2",
        "libcuda.so.1 was not found",
    )


def test_a_driver_without_a_call_lacks_that_fact_alone(plug_in_nvml: PlugInNvml) -> None:
    plug_in_nvml("gtx-960", "missing nvmlSystemGetCudaDriverVersion_v2")
    part = read_nvml()
    assert part.cuda_version == Absent(
        Reason.NOT_IN_DRIVER, "NVML nvmlSystemGetCudaDriverVersion_v2", "Function Not Found"
    )
    assert part.driver_version == Found("580.95.05", "NVML nvmlSystemGetDriverVersion")


def test_a_name_with_bytes_that_are_no_text_keeps_what_is_readable(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("rtx-4090", r"gpu 0 name NVIDIA \xff\xfe\x1b[31m 4090")
    assert gpus_of(read_nvml())[0].name == Found(
        "NVIDIA \ufffd\ufffd\x1b[31m 4090", "NVML nvmlDeviceGetName"
    )


@pytest.mark.parametrize("garbage", ["nonsense", r"\xff\xff:01:00.0"])
def test_a_bus_id_that_is_none_has_failed(plug_in_nvml: PlugInNvml, garbage: str) -> None:
    plug_in_nvml("rtx-4090", f"gpu 0 pci_bus_id {garbage}")
    fact = gpus_of(read_nvml())[0].pci_bus_id
    assert isinstance(fact, Failed)
    assert fact.source == "NVML nvmlDeviceGetPciInfo"


def test_a_driver_that_crashes_at_one_gpu_has_told_the_cheap_facts_of_the_one_before(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("two-unlike", "gpu 1 crash nvmlDeviceGetName")
    part = read_nvml()
    good, bad = gpus_of(part)
    why = good.processes
    assert isinstance(why, Failed)
    assert why.error.startswith("died of SIGSEGV (an invalid memory access; ")
    assert why.source == "asking NVML about GPU 1: identity"
    assert part.driver_version == Found("580.95.05", "NVML nvmlSystemGetDriverVersion")
    assert isinstance(good.pcie_width_max, Found)
    assert part.gpu_pairs == why
    assert bad.index == 1
    assert all(fact == why for fact in facts_of(bad).values())


def test_a_driver_that_hangs_at_one_card_s_processes_has_told_all_else(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("two-unlike", "gpu 1 hang nvmlDeviceGetComputeRunningProcesses_v3")
    before = psutil.Process().children()
    part = read_nvml(time_limit_s=4.0)
    first, second = gpus_of(part)
    why = second.processes
    assert isinstance(why, Failed)
    assert why.error.startswith("no answer within 4 s, hanging in ")
    assert why.source == "asking NVML about GPU 1: processes"
    assert missing(second) == NOT_OF_A_GEFORCE | {"processes"}
    assert first.processes == Found((), "NVML nvmlDeviceGetComputeRunningProcesses_v3")
    assert part.gpu_pairs == why
    assert psutil.Process().children() == before


def test_a_driver_that_never_answers_is_given_up_and_no_process_left(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("rtx-4090", "system hang nvmlInitWithFlags")
    before = psutil.Process().children()
    part = read_nvml(time_limit_s=1.5)
    assert isinstance(part.gpus, Failed)
    assert part.gpus.error.startswith("no answer within 1.5 s, hanging in ")
    assert psutil.Process().children() == before


def test_nvidia_s_own_library_without_its_module_says_that_it_is_not_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = os.environ.get("RIGCHECK_TEST_NVML_FOLDER")
    if not folder:
        pytest.skip("RIGCHECK_TEST_NVML_FOLDER names no folder with NVIDIA's libnvidia-ml.so.1")
    if Path("/proc/driver/nvidia").exists():
        pytest.skip("the NVIDIA kernel module is loaded here")
    monkeypatch.setenv("LD_LIBRARY_PATH", folder)
    part = read_nvml()
    assert part.gpus == Absent(Reason.NOT_THERE, INIT, "Driver Not Loaded")
    # Old ones do not tell their version either, for the same reason.
    assert isinstance(part.nvml_version, Found) or part.nvml_version == part.gpus
