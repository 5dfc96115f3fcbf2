"""Texts of one or a few facts."""

import pytest

from rigcheck.facts import Rig, is_known_absent, value_of
from rigcheck.ingest.cpuinfo import parse_cpuinfo
from rigcheck.ingest.dkms import parse_dkms
from rigcheck.ingest.kernel_log import parse_kernel_log
from rigcheck.ingest.lscpu import parse_lscpu
from rigcheck.ingest.lspci import parse_lspci
from rigcheck.ingest.nvcc import parse_nvcc
from rigcheck.ingest.packages import parse_packages
from rigcheck.ingest.surroundings import parse_surroundings
from rigcheck.ingest.text import Text
from rigcheck.ingest.uname import parse_uname

NEHALEM = (
    "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse "
    "sse2 ht syscall nx rdtscp lm constant_tsc pni ssse3 cx16 sse4_1 sse4_2 popcnt lahf_lm"
)


def test_nvcc() -> None:
    text = Text("Cuda compilation tools, release 12.4, V12.4.131\nBuild cuda_12.4.r12.4/compiler")
    assert value_of(parse_nvcc(text).toolkit.nvcc_version) == "12.4.131"


def test_uname_and_wsl() -> None:
    rig = parse_uname(Text("Linux rig 6.8.0-49-generic #49-Ubuntu SMP x86_64 x86_64 GNU/Linux"))
    assert value_of(rig.host.kernel_release) == "6.8.0-49-generic"
    assert value_of(rig.host.wsl_version) is None
    line = "Linux PC 5.15.167.4-microsoft-standard-WSL2 #1 SMP x86_64 GNU/Linux"
    assert value_of(parse_uname(Text(line)).host.wsl_version) == 2


def test_lscpu() -> None:
    text = f"""\
Architecture:            x86_64
CPU(s):                  8
Vendor ID:               GenuineIntel
Model name:              Intel(R) Core(TM) i7 CPU         920  @ 2.67GHz
Thread(s) per core:      2
Core(s) per socket:      4
Socket(s):               1
Flags:                   {NEHALEM}
Hypervisor vendor:       KVM
"""
    rig = parse_lscpu(Text(text))
    assert (value_of(rig.cpu.cores), value_of(rig.cpu.threads)) == (4, 8)
    assert value_of(rig.cpu.x86_64_level) == 2
    assert value_of(rig.host.hypervisor) == "KVM"


@pytest.mark.parametrize("flags", [NEHALEM[:60] + "...", "fpu sse sse2", NEHALEM[:80]])
def test_a_list_of_flags_that_was_cut_is_no_list_of_flags(flags: str) -> None:
    rig = parse_lscpu(Text(f"Architecture: x86_64\nFlags: {flags}\n"))
    assert value_of(rig.cpu.flags) is None


def test_cpuinfo_takes_what_all_cpus_have() -> None:
    text = f"model name\t: A\nflags\t\t: {NEHALEM} avx\n\nmodel name\t: A\nflags\t\t: {NEHALEM}\n"
    flags = value_of(parse_cpuinfo(Text(text)).cpu.flags) or ()
    assert "sse4_2" in flags
    assert "avx" not in flags


@pytest.mark.parametrize(
    ("text", "version", "cuda"),
    [
        ("torch==2.1.0+cu121", "2.1.0+cu121", "12.1"),
        ("[pip3] torch==2.1.0", "2.1.0", None),
        ("[conda] pytorch 2.1.0 py3.10_cuda12.1_cudnn8.9.2_0 pytorch", "2.1.0", "12.1"),
        ("Package    Version\n---------- -------\nnumpy 1.26.4\ntorch      2.1.0", "2.1.0", None),
        ("Name: torch\nVersion: 2.1.0\nSummary: x", "2.1.0", None),
        (
            "# Name   Version  Build  Channel\npytorch  2.1.0  cuda118_py  conda-forge",
            "2.1.0",
            "11.8",
        ),
    ],
)
def test_torch_in_a_list_of_packages(text: str, version: str, cuda: str | None) -> None:
    rig = parse_packages(Text(text))
    assert value_of(rig.torch.installed_version) == version
    assert value_of(rig.torch.cuda_built_version) == cuda


def test_a_cpu_build_of_conda_has_no_cuda() -> None:
    rig = parse_packages(Text("[conda] pytorch 2.1.0 py3.10_cpu_0 pytorch"))
    assert is_known_absent(rig.torch.cuda_built_version)


@pytest.mark.parametrize(
    "text",
    ["pip install torch==2.1.1", "ERROR: No matching distribution found for torch==2.1.1"],
)
def test_what_somebody_wanted_is_not_installed(text: str) -> None:
    assert parse_packages(Text(text)) == Rig()


def test_the_kernels_log_tells_both_halves_of_a_mismatch() -> None:
    text = """\
[   12.3] NVRM: API mismatch: the client 'nvidia-smi' (pid 4711)
              NVRM: has the version 550.107.02, but
              NVRM: this kernel module has the version 550.90.07.  Please
"""
    rig = parse_kernel_log(Text(text))
    assert value_of(rig.driver.library_version) == "550.107.02"
    assert value_of(rig.driver.module_version) == "550.90.07"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("NVRM: loading NVIDIA UNIX x86_64 Kernel Module  535.161.07  Sat", "closed"),
        ("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  535.161.07  R", "open"),
    ],
)
def test_the_module_and_its_kind(line: str, kind: str) -> None:
    rig = parse_kernel_log(Text(line))
    assert value_of(rig.driver.module_version) == "535.161.07"
    assert value_of(rig.driver.module_kind) == kind


def test_dkms_counts_for_the_running_kernel_only() -> None:
    text = Text("nvidia/535.161.07, 6.8.0-49-generic, x86_64: installed\n")
    version = parse_dkms(text, "6.8.0-49-generic").driver.module_on_disk_version
    assert value_of(version) == "535.161.07"
    assert is_known_absent(parse_dkms(text, "6.8.0-50-generic").driver.module_on_disk_version)
    assert parse_dkms(text, None) == Rig()


def test_lspci_with_the_driver_that_holds_the_card() -> None:
    text = """\
00:00.0 Host bridge: Intel Corporation Device 4668
01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GM206 [GeForce GTX 960] [10de:1401]
\tSubsystem: Device [1043:8520]
\tKernel driver in use: nouveau
01:00.1 Audio device [0403]: NVIDIA Corporation GM206 High Definition Audio [10de:0fba]
"""
    (card,) = value_of(parse_lspci(Text(text)).pci.nvidia_gpus) or ()
    assert card.pci_bus_id == "0000:01:00.0"
    assert card.device_id == "10de:1401"
    assert value_of(card.name) == "GM206 [GeForce GTX 960]"
    assert value_of(card.kernel_driver) == "nouveau"


def test_a_piece_of_lspci_does_not_say_that_there_is_no_gpu() -> None:
    assert parse_lspci(Text("00:02.0 VGA compatible controller: Intel Corporation UHD")) == Rig()


def test_df_of_shared_memory_counts_before_the_command() -> None:
    text = "docker run --shm-size=1g image\nshm   64M  12M  52M  19% /dev/shm\n"
    memory = parse_surroundings(Text(text)).memory
    assert value_of(memory.shm_total_bytes) == 64 * 1024**2
    assert value_of(memory.shm_free_bytes) == 52 * 1024**2


@pytest.mark.parametrize(
    "text",
    [
        'export CUDA_VISIBLE_DEVICES=""',
        "os.environ['CUDA_VISIBLE_DEVICES'] = ''",
        "CUDA_VISIBLE_DEVICES= python train.py",
    ],
)
def test_a_variable_set_to_nothing_is_set(text: str) -> None:
    assert value_of(parse_surroundings(Text(text)).environment.cuda_visible_devices) == ""
