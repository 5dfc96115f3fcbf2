"""Every table: it matches its type, and each row says where and when it was read."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pynvml
import pytest
from packaging.version import Version

from rigcheck import versions
from rigcheck.knowledge import (
    cpu_needs,
    cuda_driver,
    cudnn,
    driver_packages,
    extensions,
    frameworks,
    gpu_arch,
    gpu_specs,
    kernel_messages,
    symptoms,
    table,
    torch_wheels,
    workloads,
    xids,
)
from rigcheck.knowledge.table import Row, load_table

TABLES: dict[str, Callable[[], Any]] = {
    "cpu_needs": cpu_needs.table,
    "cuda_driver": cuda_driver.table,
    "cudnn": cudnn.table,
    "driver_packages": driver_packages.table,
    "extensions": extensions.table,
    "frameworks": frameworks.table,
    "gpu_arch": gpu_arch.table,
    "gpu_specs": gpu_specs.table,
    "kernel_messages": kernel_messages.table,
    "torch_wheels": torch_wheels.table,
    "torch_variants": torch_wheels.variant_table,
    "xids": xids.table,
    "symptoms": symptoms.table,
    "workloads": workloads.table,
}


def rows() -> Iterator[tuple[str, Row]]:
    for name, load in TABLES.items():
        content = load()
        for field in content.__struct_fields__:
            for row in getattr(content, field):
                yield f"{name}.{field}", row


@pytest.mark.parametrize("name", TABLES)
def test_a_table_loads_and_is_read_once(name: str) -> None:
    assert TABLES[name]() is TABLES[name]()


def test_every_row_has_a_source_and_a_date() -> None:
    wrong = [(name, row) for name, row in rows() if not row.source or not is_date(row.checked)]
    assert not wrong


def is_date(text: str) -> bool:
    try:
        return bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def test_an_unknown_field_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = Path(table.__file__).with_name("cudnn.toml").read_text()
    (tmp_path / "cudnn.toml").write_text(text + 'colour = "green"\n')
    monkeypatch.setattr(table, "__file__", str(tmp_path / "table.py"))
    with pytest.raises(msgspec.ValidationError, match="colour"):
        load_table("cudnn", cudnn.CudnnTable)


def test_every_version_in_the_tables_is_one() -> None:
    numbers = [
        *(v for row in cuda_driver.table().floor for v in (row.cuda, row.driver_linux)),
        *(row.driver_windows for row in cuda_driver.table().floor),
        *(row.branch for row in cuda_driver.table().branch),
        *(row.brings for row in driver_packages.table().package),
        *(row.capability for row in gpu_arch.table().capability),
        *(row.capability for row in gpu_specs.table().gpu),
        *(row.latest for row in torch_wheels.table().release),
        *(row.torchvision for row in torch_wheels.table().release),
        *(c for row in torch_wheels.variant_table().variant for c in (*row.capabilities, *row.ptx)),
        *(p for row in torch_wheels.table().release for p in row.pythons),
        *(row.cudnn for row in torch_wheels.variant_table().variant if row.cudnn),
    ]
    for number in numbers:
        assert versions.release(number)


def test_versions_are_ordered_as_the_packaging_library_orders_them() -> None:
    texts = {
        *(row.latest for row in torch_wheels.table().release),
        *(row.torchvision for row in torch_wheels.table().release),
        *(row.cudnn for row in torch_wheels.variant_table().variant if row.cudnn),
        *(row.driver_linux for row in cuda_driver.table().toolkit),
        *(row.cuda for row in cuda_driver.table().toolkit),
        *(row.version for row in frameworks.table().release),
        "12.9",
        "12.10",
    }
    assert sorted(texts, key=versions.release) == sorted(texts, key=lambda t: Version(t).release)
    assert versions.at_least("12.10", "12.9")


def test_architectures_are_named_as_nvml_names_them() -> None:
    known = {
        name.rpartition("_")[2] for name in dir(pynvml) if name.startswith("NVML_DEVICE_ARCH_")
    }
    before_nvml = {"FERMI", "TESLA"}
    named = {row.name.upper() for row in cuda_driver.table().architecture}
    assert named - before_nvml - {"RUBIN"} <= known
