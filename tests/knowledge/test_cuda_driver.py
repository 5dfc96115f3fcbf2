"""Driver floors, branches and architectures, and whether the tables agree with one another."""

import pytest

from rigcheck import versions
from rigcheck.knowledge import cuda_driver, driver_packages, gpu_arch, torch_wheels
from rigcheck.knowledge.cuda_driver import architecture_of, branch_of, floor_of, toolkit_of


@pytest.mark.parametrize(
    ("cuda", "driver"),
    [
        ("11.8", "450.80.02"),
        ("12.1", "525.60.13"),
        ("12.10", "525.60.13"),
        ("13.2.2", "580.65.06"),
        ("10.2", "440.33"),
        ("10.1.243", "418.39"),
    ],
)
def test_a_major_has_one_floor_and_before_11_each_minor_its_own(cuda: str, driver: str) -> None:
    floor = floor_of(cuda)
    assert floor is not None
    assert floor.driver_linux == driver


@pytest.mark.parametrize("cuda", ["9.0", "14.0"])
def test_a_cuda_outside_the_table_has_no_floor(cuda: str) -> None:
    assert floor_of(cuda) is None


def test_every_wheel_of_the_table_has_a_driver_floor() -> None:
    assert all(floor_of(row.cuda) for row in torch_wheels.variant_table().variant)


@pytest.mark.parametrize(
    ("name", "branch", "module"),
    [
        ("Kepler", "470", "closed"),
        ("Maxwell", "580", "closed"),
        ("Volta", "580", "closed"),
        ("Turing", "current", "either"),
        ("Blackwell", "current", "open"),
    ],
)
def test_an_architecture_has_its_last_branch_and_module(
    name: str, branch: str, module: str
) -> None:
    row = architecture_of(name)
    assert row is not None
    assert (row.last_branch, row.module) == (branch, module)


def test_a_last_branch_is_in_the_table_and_drives_the_architecture() -> None:
    for row in cuda_driver.table().architecture:
        if row.last_branch != "current":
            branch = branch_of(row.last_branch)
            assert branch is not None
            assert row.name in branch.architectures


def test_no_branch_after_the_last_one_drives_the_architecture() -> None:
    for row in cuda_driver.table().architecture:
        if row.last_branch != "current":
            newer = [b for b in cuda_driver.table().branch if int(b.branch) > int(row.last_branch)]
            assert not [b for b in newer if row.name in b.architectures]


def test_every_compute_capability_has_an_architecture_with_a_driver() -> None:
    names = {row.architecture for row in gpu_arch.table().capability}
    assert all(architecture_of(name) for name in names)


def test_every_package_is_of_a_known_branch_and_brings_it() -> None:
    for package in driver_packages.table().package:
        branch = branch_of(package.branch)
        assert branch is not None
        assert branch.architectures
        assert package.brings.startswith(f"{package.branch}.")


def test_an_unknown_distribution_has_no_packages() -> None:
    assert driver_packages.packages_of("nixos", "26.05") == ()


def test_packages_of_one_release_are_not_offered_to_another() -> None:
    assert {p.branch for p in driver_packages.packages_of("debian", "12")} >= {"470", "535"}
    assert "470" not in {p.branch for p in driver_packages.packages_of("debian", "13")}
    assert driver_packages.packages_of("rocky", "9.4") == driver_packages.packages_of("rhel", "9")
    assert {p.module for p in driver_packages.packages_of("rocky", "10.1")} == {"open"}
    assert driver_packages.packages_of("linuxmint", "22.1")
    assert driver_packages.packages_of("linuxmint", "7") == ()  # the edition on Debian


@pytest.mark.parametrize(
    ("cuda", "linux", "windows"),
    [
        ("12.4", "550.54.14", "551.61"),
        ("12.4.1", "550.54.15", "551.78"),
        ("11.8", "520.61.05", "520.06"),
        ("13.2", "595.45.04", ""),
    ],
)
def test_a_toolkit_came_with_a_driver(cuda: str, linux: str, windows: str) -> None:
    toolkit = toolkit_of(cuda)
    assert toolkit is not None
    assert (toolkit.driver_linux, toolkit.driver_windows) == (linux, windows)


def test_a_toolkit_that_is_not_in_the_table_has_no_driver() -> None:
    assert toolkit_of("9.2") is None
    assert toolkit_of("12.10") is None


def test_no_toolkit_came_with_a_driver_below_the_floor_of_its_major() -> None:
    for row in cuda_driver.table().toolkit:
        floor = floor_of(row.cuda)
        assert floor is not None
        if row.cuda.startswith("11.0."):  # the floor of 11.x came after 11.0
            continue
        assert versions.at_least(row.driver_linux, floor.driver_linux)
        assert not row.driver_windows or versions.at_least(row.driver_windows, floor.driver_windows)


def test_a_branch_offers_the_newest_cuda_whose_driver_is_of_it() -> None:
    for row in cuda_driver.table().toolkit:
        branch = branch_of(row.driver_linux.partition(".")[0])
        if branch is not None and not row.confidence:
            offered, came = versions.release(branch.max_cuda), versions.release(row.cuda)[:2]
            assert offered >= came, row


def test_newer_toolkits_came_with_newer_drivers() -> None:
    rows = [row for row in cuda_driver.table().toolkit if not row.confidence]
    ordered = sorted(rows, key=lambda row: versions.release(row.cuda))
    drivers = [versions.release(row.driver_linux) for row in ordered]
    assert drivers == sorted(drivers)
