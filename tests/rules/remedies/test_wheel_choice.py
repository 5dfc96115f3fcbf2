"""The search for the newest wheel, held against the answers gathered by hand."""

import pytest

from rigcheck import versions
from rigcheck.knowledge import torch_wheels
from rigcheck.rules.remedies.wheel_choice import Wanted, Wheel, newest_cpu_wheel, newest_wheel

NEWEST = max(torch_wheels.table().release, key=lambda r: versions.release(r.latest))


def chosen(wanted: Wanted) -> Wheel:
    wheel = newest_wheel(wanted)
    assert wheel is not None
    return wheel


@pytest.mark.parametrize(
    ("capability", "driver"),
    [
        ("3.7", "470.256.02"),
        ("5.2", "580.95.05"),
        ("6.1", "580.95.05"),
        ("7.0", "580.95.05"),
        ("7.5", "580.95.05"),
        ("8.6", "580.95.05"),
        ("9.0", "580.95.05"),
        ("12.0", "580.95.05"),
    ],
)
def test_the_search_finds_what_was_gathered_by_hand(capability: str, driver: str) -> None:
    family = torch_wheels.family_of(capability)
    assert family is not None
    wheel = chosen(Wanted(capabilities=(capability,), driver=driver))
    if family.last_torch == "current":
        assert wheel.release == NEWEST
        assert wheel.index_url == ""
    else:
        assert wheel.release.latest == family.last_torch
        assert wheel.index_url.endswith(f"/whl/{family.variant}")


@pytest.mark.parametrize("capability", ["3.0", "3.5"])
def test_where_none_was_found_by_hand_the_search_finds_none(capability: str) -> None:
    family = torch_wheels.family_of(capability)
    assert family is not None
    assert family.last_torch == ""
    assert newest_wheel(Wanted(capabilities=(capability,))) is None


@pytest.mark.parametrize(
    ("capability", "driver", "torch", "variant"),
    [
        ("8.6", "550.54.14", "2.14.1", "cu126"),
        ("8.6", "525.60.13", "2.14.1", "cu126"),
        ("8.6", "470.256.02", "2.6.0", "cu118"),
        ("7.0", "470.256.02", "2.6.0", "cu118"),
        ("5.2", "450.80.02", "2.6.0", "cu118"),
        ("12.0", "570.86.16", "2.11.0", "cu128"),
        ("9.0", "579.99", "2.14.1", "cu126"),
    ],
)
def test_the_driver_bounds_the_cuda(capability: str, driver: str, torch: str, variant: str) -> None:
    wheel = chosen(Wanted(capabilities=(capability,), driver=driver))
    assert (wheel.release.latest, wheel.index_url) == (
        torch,
        f"https://download.pytorch.org/whl/{variant}",
    )


def test_a_driver_older_than_every_floor_gets_nothing() -> None:
    assert newest_wheel(Wanted(capabilities=("8.6",), driver="440.33")) is None


@pytest.mark.parametrize(
    ("python", "torch", "cuda"),
    [
        ("3.8.10", "2.4.1", "12.1"),
        ("3.9.2", "2.8.0", "12.8"),
        ("3.10.12", "2.14.1", "13.0"),  # 2.15 has no wheels for 3.10
        ("3.11.2", "2.15.0", "13.2"),
        ("3.15.0", "2.15.0", "13.2"),
    ],
)
def test_the_python_bounds_the_release(python: str, torch: str, cuda: str) -> None:
    wheel = chosen(Wanted(capabilities=("8.6",), driver="595.58.03", python=python))
    assert wheel.variant is not None
    assert (wheel.release.latest, wheel.variant.cuda) == (torch, cuda)


def test_a_python_without_wheels_gets_nothing() -> None:
    assert newest_wheel(Wanted(capabilities=("8.6",), python="3.17.0")) is None
    assert newest_cpu_wheel(Wanted(capabilities=(), python="3.17.0")) is None


def test_the_c_library_bounds_the_release() -> None:
    wheel = chosen(Wanted(capabilities=("8.6",), python="3.11.2", glibc="2.17"))
    assert wheel.release.latest == "2.6.0"


@pytest.mark.parametrize(
    ("capabilities", "torch", "variant"),
    [
        (("6.1", "8.9"), "2.14.1", "cu126"),
        (("7.0", "12.0"), "2.10.0", "cu128"),
        (("7.5", "12.0"), "2.15.0", "cu132"),
    ],
)
def test_unlike_gpus_get_the_newest_that_serves_all(
    capabilities: tuple[str, ...], torch: str, variant: str
) -> None:
    wheel = chosen(Wanted(capabilities=capabilities, driver="580.95.05"))
    assert wheel.variant is not None
    assert (wheel.release.latest, wheel.variant.variant) == (torch, variant)


def test_gpus_that_no_wheel_serves_together_get_nothing() -> None:
    assert newest_wheel(Wanted(capabilities=("5.2", "12.0"), driver="580.95.05")) is None


def test_a_wheel_whose_cudnn_left_the_gpu_behind_is_no_choice() -> None:
    # cu118 of torch 2.4 and 2.5 has code for the K80, and a cuDNN that does not run on it.
    wheel = chosen(Wanted(capabilities=("3.7",), python="3.11.2"))
    assert wheel.release.latest == "2.3.1"


def test_old_wheels_are_kept_with_numpy_1() -> None:
    wheel = chosen(Wanted(capabilities=("8.6",), driver="470.256.02", python="3.7.9"))
    assert wheel.requirements == ("torch==1.13.1", "torchvision==0.14.1", "numpy<2")


def test_a_row_read_at_its_source_goes_before_a_newer_one_that_was_not() -> None:
    unread = torch_wheels.variant_of("2.13.0", "cu129", "x86_64")
    assert unread is not None
    assert unread.confidence
    wheel = chosen(Wanted(capabilities=("12.0",), driver="575.57.08"))
    assert wheel.release.latest == "2.11.0"


@pytest.mark.parametrize(
    ("capability", "driver", "index"),
    [
        ("12.1", "580.95.05", ""),
        ("9.0", "560.35.03", "https://download.pytorch.org/whl/cu126"),
        ("11.0", "580.95.05", ""),
    ],
)
def test_aarch64_has_wheels_of_its_own(capability: str, driver: str, index: str) -> None:
    wheel = chosen(Wanted(capabilities=(capability,), driver=driver, platform="aarch64"))
    assert wheel.index_url == index


def test_where_pypi_has_no_cuda_the_index_is_named() -> None:
    wanted = Wanted(capabilities=("8.6",), driver="581.29", windows_driver=True)
    assert chosen(wanted).index_url == ""
    on_windows = Wanted(capabilities=("8.6",), driver="581.29", pypi_has_cuda=False)
    assert chosen(on_windows).index_url.endswith("/cu132")


def test_the_cpu_wheel_is_the_newest_for_its_python() -> None:
    wheel = newest_cpu_wheel(Wanted(capabilities=(), python="3.10.12"))
    assert wheel is not None
    assert wheel.text == "torch 2.14.1 for the CPU"
    assert wheel.index_url == "https://download.pytorch.org/whl/cpu"


@pytest.mark.parametrize(
    ("driver", "windows", "serves"),
    [("526.98", True, False), ("527.41", True, True), ("526.98", False, True)],
)
def test_windows_drivers_have_floors_of_their_own(driver: str, windows: bool, serves: bool) -> None:
    wanted = Wanted(capabilities=("8.6",), driver=driver, windows_driver=windows)
    wheel = chosen(wanted)
    assert wheel.variant is not None
    assert (wheel.variant.cuda == "12.6") is serves
