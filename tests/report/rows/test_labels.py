import pytest

from rigcheck.report.rows import label_of


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("memory_total_bytes", "memory total"),
        ("link_speed_mbit_per_s", "link speed"),
        ("threads", "threads"),
        ("cudnn_version", "cuDNN version"),
        ("pci_bus_id", "PCI bus ID"),
        ("x86_64_level", "x86-64 level"),
        ("cuda_built_version", "built with CUDA"),
    ],
)
def test_labels_are_what_people_call_it(name: str, label: str) -> None:
    assert label_of(name) == label
