"""The fields of `nvidia-smi -q` and `-q -x`, by their paths, to the facts of a GPU.

Both print the same tree; a path here is the keys down to a value, in small letters, spaces as `_`:
`gpu_power_readings/current_power_limit`. Fields were renamed over the years: the newest is first.
"""

from collections.abc import Callable, Mapping
from typing import Any

from rigcheck.facts import Fact, Found, Gpu, RemappedRows
from rigcheck.ingest.smi_values import (
    answer,
    bus,
    ecc,
    integer,
    mebibytes,
    mode,
    number,
    word,
)

Told = Mapping[str, Found[str]]


def gpu_of(index: int, told: Told) -> Gpu:
    """What its fields tell; a value that is N/A or in another form is left out."""
    known: dict[str, Fact[Any]] = {}
    for field, read, paths in _FIELDS:
        for path in paths:
            if path in told and (fact := read(told[path])) is not None:
                known.setdefault(field, fact)
    if (reasons := _reasons(told)) is not None:
        known["clocks_event_reasons"] = reasons
    if (rows := _remapped(told)) is not None:
        known["remapped_rows"] = rows
    return Gpu(index=index, **known)


def _reasons(told: Told) -> Fact[tuple[str, ...]] | None:
    """Those marked `Active`."""
    answers = {
        reason: told[f"{section}/{prefix}{path}"]
        for section, prefix in _REASON_SECTIONS
        for path, reason in _REASONS.items()
        if f"{section}/{prefix}{path}" in told
    }
    if not answers:
        return None
    active = tuple(reason for reason, answer in answers.items() if answer.value == "Active")
    return Found(active, next(iter(answers.values())).source)


_REASON_SECTIONS = (
    ("clocks_event_reasons", ""),
    ("clocks_event_reasons", "clocks_event_reason_"),
    ("clocks_event_reasons/hw_slowdown", ""),
    ("clocks_throttle_reasons", ""),
    ("clocks_throttle_reasons", "clocks_throttle_reason_"),
    ("clocks_throttle_reasons/hw_slowdown", ""),
)
_REASONS = {
    "idle": "idle",
    "gpu_idle": "idle",
    "applications_clocks_setting": "application clocks",
    "sw_power_cap": "power cap",
    "hw_slowdown": "hardware slowdown",
    "sync_boost": "sync boost",
    "sw_thermal_slowdown": "software thermal slowdown",
    "hw_thermal_slowdown": "hardware thermal slowdown",
    "hw_power_brake_slowdown": "power brake",
    "display_clock_setting": "display clocks",
    "display_clocks_setting": "display clocks",
}


def _remapped(told: Told) -> Fact[RemappedRows] | None:
    """As data-centre cards tell; all zeros are what a card prints that counts nothing."""
    section = "remapped_rows"
    numbers = [
        integer(told[path]) if path in told else None
        for path in (
            told_first(told, f"{section}/correctable_error", f"{section}/remapped_row_corr"),
            told_first(told, f"{section}/uncorrectable_error", f"{section}/remapped_row_unc"),
        )
    ]
    correctable, uncorrectable = numbers
    if not isinstance(correctable, Found) or not isinstance(uncorrectable, Found):
        return None
    pending = told.get(told_first(told, f"{section}/pending", f"{section}/remapped_row_pending"))
    failure = told.get(
        told_first(told, f"{section}/remapping_failure_occurred", f"{section}/remapped_row_failure")
    )
    return Found(
        RemappedRows(
            correctable=correctable.value,
            uncorrectable=uncorrectable.value,
            pending=pending is not None and pending.value == "Yes",
            failure=failure is not None and failure.value == "Yes",
        ),
        correctable.source,
    )


def told_first(told: Told, *paths: str) -> str:
    """The first of these paths that is there; else the last."""
    return next((path for path in paths if path in told), paths[-1])


_Reader = Callable[[Found[str]], Fact[Any] | None]
_FIELDS: tuple[tuple[str, _Reader, tuple[str, ...]], ...] = (
    ("name", word, ("product_name",)),
    ("uuid", word, ("gpu_uuid", "uuid")),
    ("pci_bus_id", bus, ("id", "pci/bus_id", "pci/pci_bus_id")),
    ("compute_mode", mode, ("compute_mode",)),
    ("memory_total_bytes", mebibytes, ("fb_memory_usage/total",)),
    ("memory_reserved_bytes", mebibytes, ("fb_memory_usage/reserved",)),
    ("memory_used_bytes", mebibytes, ("fb_memory_usage/used",)),
    ("bar1_total_bytes", mebibytes, ("bar1_memory_usage/total",)),
    ("mig_enabled", answer, ("mig_mode/current", "mig_mode/current_mig")),
    ("ecc_enabled", ecc, ("ecc_mode/current", "ecc_mode/current_ecc")),
    ("temperature_c", number, ("temperature/gpu_current_temp", "temperature/gpu_temp")),
    (
        "temperature_slowdown_c",
        number,
        ("temperature/gpu_slowdown_temp", "temperature/gpu_temp_slow_threshold"),
    ),
    (
        "temperature_max_c",
        number,
        ("temperature/gpu_max_operating_temp", "temperature/gpu_temp_max_gpu_threshold"),
    ),
    (
        "power_w",
        number,
        (
            "gpu_power_readings/average_power_draw",
            "gpu_power_readings/instantaneous_power_draw",
            "gpu_power_readings/instant_power_draw",
            "gpu_power_readings/power_draw",
            "power_readings/power_draw",
        ),
    ),
    (
        "power_limit_w",
        number,
        (
            "gpu_power_readings/current_power_limit",
            "gpu_power_readings/power_limit",
            "gpu_power_readings/requested_power_limit",
            "power_readings/power_limit",
        ),
    ),
    (
        "power_limit_default_w",
        number,
        ("gpu_power_readings/default_power_limit", "power_readings/default_power_limit"),
    ),
    (
        "power_limit_enforced_w",
        number,
        ("gpu_power_readings/enforced_power_limit", "power_readings/enforced_power_limit"),
    ),
    (
        "power_limit_min_w",
        number,
        ("gpu_power_readings/min_power_limit", "power_readings/min_power_limit"),
    ),
    (
        "power_limit_max_w",
        number,
        ("gpu_power_readings/max_power_limit", "power_readings/max_power_limit"),
    ),
    ("graphics_clock_mhz", integer, ("clocks/graphics", "clocks/graphics_clock")),
    ("sm_clock_mhz", integer, ("clocks/sm", "clocks/sm_clock")),
    ("memory_clock_mhz", integer, ("clocks/memory", "clocks/mem_clock")),
    ("graphics_clock_max_mhz", integer, ("max_clocks/graphics", "max_clocks/graphics_clock")),
    ("sm_clock_max_mhz", integer, ("max_clocks/sm", "max_clocks/sm_clock")),
    ("memory_clock_max_mhz", integer, ("max_clocks/memory", "max_clocks/mem_clock")),
    (
        "ecc_uncorrected_volatile",
        integer,
        (
            "ecc_errors/volatile/dram_uncorrectable",
            "ecc_errors/volatile/double_bit/total",
        ),
    ),
    (
        "ecc_uncorrected_aggregate",
        integer,
        (
            "ecc_errors/aggregate/dram_uncorrectable",
            "ecc_errors/aggregate/double_bit/total",
        ),
    ),
    (
        "retired_pages_double_bit",
        integer,
        ("retired_pages/double_bit_ecc", "retired_pages/double_bit_retirement/retired_count"),
    ),
    (
        "retired_pages_single_bit",
        integer,
        (
            "retired_pages/single_bit_ecc",
            "retired_pages/multiple_single_bit_retirement/retired_count",
        ),
    ),
    (
        "retired_pages_pending",
        answer,
        (
            "retired_pages/pending_page_blacklist",
            "retired_pages/pending_blacklist",
            "retired_pages/pending_retirement",
        ),
    ),
)
