"""Headless, or a desktop on the GPU."""

from rigcheck.counsel.display import display
from rigcheck.facts import Gpu, GpuProcess, ProcessKind, Rig
from tests.counsel.words import words_of
from tests.rules.rigs import GIB, cpu_laptop, found, gpu, host, nvml, rtx_4090


def told(rig: Rig) -> str:
    return words_of(display(rig))


def desktop() -> Gpu:
    xorg = GpuProcess(
        pid=1, kind=ProcessKind.GRAPHICS, memory_used_bytes=found(GIB), name=found("Xorg")
    )
    return gpu(display_active=found(True), processes=found((xorg,)))


def test_a_desktop_on_the_only_gpu_is_told_with_what_it_holds() -> None:
    words = told(rtx_4090(nvml=nvml(desktop())))
    assert "drawn by GPU 0 (NVIDIA GeForce RTX 4090), which holds 1.0 GiB" in words
    assert "multi-user.target" in words


def test_beside_a_free_gpu_that_one_is_for_training() -> None:
    free = gpu(1, bus_id="0000:41:00.0", display_active=found(False))
    words = told(rtx_4090(nvml=nvml(desktop(), free)))
    assert "Train on GPU 1, which draws none" in words


def test_a_headless_machine_is_to_stay_so() -> None:
    assert "Keep it so" in told(rtx_4090(nvml=nvml(gpu(display_active=found(False)))))


def test_in_wsl_the_desktop_is_that_of_windows() -> None:
    rig = rtx_4090(host=host(wsl_version=found(2)), nvml=nvml(desktop()))
    assert "in Windows" in told(rig)
    assert "systemctl" not in told(rig)


def test_a_laptop_has_graphics_in_its_processor() -> None:
    name = "NVIDIA GeForce RTX 4070 Laptop GPU"
    words = told(rtx_4090(nvml=nvml(gpu(name=name, display_active=found(True)))))
    assert "prime-select" in words
    assert "mainboard" not in words


def test_where_nobody_tells_nothing_is_said() -> None:
    assert told(rtx_4090()) == ""
    assert told(cpu_laptop()) == ""
