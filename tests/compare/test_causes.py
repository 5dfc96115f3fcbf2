from typing import Any

import pytest

from rigcheck.compare.causes import likely_causes
from rigcheck.compare.conditions import Conditions
from rigcheck.compare.contrast import Contrast

GPU: dict[str, Any] = {
    "is_gpu": True,
    "driver": "570.86.10",
    "torch": "2.15.0",
    "cudnn": "9.26.0",
    "kernel": "6.8.0",
    "python": "3.12.3",
    "link_generation": 4,
    "link_width": 16,
    "power_limit_w": 450.0,
    "clock_mhz": 2700.0,
    "ecc_enabled": False,
    "mig_enabled": False,
    "other_gpu_programs": 0,
    "others_cores": 0.1,
}
CPU: dict[str, Any] = {
    "torch": "2.15.0",
    "kernel": "6.8.0",
    "python": "3.12.3",
    "cpu_kernels": "AVX512",
    "threads": 16,
    "usable_threads": 32,
    "governor": "performance",
    "others_cores": 0.1,
}


def causes(base: dict[str, Any], *, is_slower: bool = True, **after: Any) -> list[str]:
    contrast = Contrast(
        label="GPU 1",
        before=Conditions(**base),
        after=Conditions(**{**base, **after}),
        is_slower=is_slower,
    )
    return [cause.words for cause in likely_causes(contrast)]


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({"link_width": 4}, "its link is now x4"),
        ({"link_generation": 3}, "its link is now PCIe 3"),
        ({"power_limit_w": 300.0}, "its power limit is now 300 W"),
        ({"clock_mhz": 1400.0}, "it now clocks at 1400 MHz"),
        ({"ecc_enabled": True}, "ECC is now on"),
        ({"mig_enabled": True}, "MIG is now on"),
        ({"other_gpu_programs": 2}, "2 other programs compute on it now"),
        ({"others_cores": 1.5}, "other programs now take 1.5 cores"),
        (
            {"held_by": "thermal slowdown", "held_share": 0.8},
            "its clocks are now held down by thermal slowdown",
        ),
        ({"driver": "580.95.05"}, "likely the driver"),
        ({"torch": "2.16.0"}, "likely torch"),
        ({"torch": "2.16.0", "cudnn": "9.30.0"}, "likely torch"),
        ({"cudnn": "9.30.0"}, "likely cuDNN"),
        ({"kernel": "6.17.0"}, "likely the kernel"),
        (
            {"torch": "2.16.0", "driver": "580.95.05"},
            "torch and the driver changed, and going back with one tells which",
        ),
    ],
)
def test_one_thing_changed_on_a_slower_gpu_and_it_is_named(
    after: dict[str, Any], words: str
) -> None:
    assert causes(GPU, **after) == [words]


@pytest.mark.parametrize(
    "after",
    [
        {},
        {"link_width": None},
        {"power_limit_w": 440.0},
        {"clock_mhz": 2650.0},
        {"others_cores": 0.2},
        {"held_by": "thermal slowdown", "held_share": 0.1},
        {"ecc_enabled": None},
        {"driver": None},
        # Better than before explains no loss.
        {"link_generation": 5},
        {"power_limit_w": 600.0},
    ],
)
def test_near_misses_explain_nothing(after: dict[str, Any]) -> None:
    assert causes(GPU, **after) == []


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({"threads": 4}, "it now trains on 4 threads"),
        ({"threads": 1}, "it now trains on 1 thread"),
        ({"threads": 64}, "it now trains on 64 threads"),
        ({"usable_threads": 8}, "it may now use 8 CPUs"),
        ({"quota_cpus": 2.0}, "its CPU quota is now 2 CPUs"),
        ({"governor": "powersave"}, "the governor is now powersave"),
        ({"cpu_kernels": "DEFAULT"}, "torch's kernels now use DEFAULT"),
    ],
)
def test_one_thing_changed_on_a_slower_cpu_and_it_is_named(
    after: dict[str, Any], words: str
) -> None:
    assert causes(CPU, **after) == [words]


@pytest.mark.parametrize(
    "after",
    [
        {"threads": None},
        {"threads": 32},
        {"usable_threads": 64},
        {"governor": None},
        {"cpu_kernels": None},
    ],
)
def test_near_misses_of_a_cpu_explain_nothing(after: dict[str, Any]) -> None:
    assert causes(CPU, **after) == []


def test_what_was_seen_on_the_device_comes_before_what_was_installed() -> None:
    told = causes(GPU, driver="580.95.05", link_width=4)
    assert told == ["its link is now x4", "likely the driver"]


def test_a_faster_device_is_explained_the_other_way_round() -> None:
    slow = {**GPU, "link_width": 4, "held_by": "power brake", "held_share": 0.9}
    told = causes(slow, is_slower=False, link_width=16, held_by="", held_share=0.0)
    assert told == ["its link is now x16", "its clocks are no longer held down by power brake"]
    assert causes(slow, is_slower=True, link_width=16, held_by="", held_share=0.0) == []


def test_what_should_be_slower_explains_no_gain() -> None:
    assert causes(CPU, is_slower=False, threads=4, governor="powersave", cpu_kernels="AVX2") == []
    slow = {**CPU, "threads": 4, "governor": "powersave", "cpu_kernels": "AVX2"}
    assert causes(slow, is_slower=False, threads=16, governor="performance") == [
        "it now trains on 16 threads",
        "the governor is now performance",
    ]


def test_a_quota_that_went_explains_a_gain_only() -> None:
    limited = {**CPU, "quota_cpus": 2.0}
    assert causes(limited, is_slower=False, quota_cpus=None) == ["its CPU quota is now none"]
    assert causes(limited, quota_cpus=None) == []
