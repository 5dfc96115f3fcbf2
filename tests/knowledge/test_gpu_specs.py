"""The table of GPU models."""

from rigcheck.knowledge import gpu_arch, gpu_specs


def test_models_of_two_memory_sizes_share_a_name() -> None:
    sizes = {row.memory_gb for row in gpu_specs.specs_of("NVIDIA GeForce RTX 4060 Ti")}
    assert sizes == {8.0, 16.0}


def test_a_name_is_known_as_old_drivers_print_it_too() -> None:
    assert gpu_specs.specs_of("GeForce GTX 960") == gpu_specs.specs_of("NVIDIA GeForce GTX 960")


def test_a_laptops_card_is_another_model() -> None:
    assert gpu_specs.specs_of("NVIDIA GeForce RTX 4090 Laptop GPU") == ()


def test_all_rows_of_a_name_have_one_compute_capability() -> None:
    for row in gpu_specs.table().gpu:
        for name in row.names:
            assert {other.capability for other in gpu_specs.specs_of(name)} == {row.capability}


def test_it_agrees_with_the_table_of_compute_capabilities() -> None:
    for row in gpu_specs.table().gpu:
        known = gpu_arch.capability_row(row.capability)
        assert known is not None
        assert known.architecture == row.architecture, row.model
        by_name = gpu_arch.capability_of_name(row.names[0])
        assert by_name is None or by_name.capability == row.capability, row.model


def test_sizes_of_a_name_are_those_of_all_its_rows_and_boards() -> None:
    assert gpu_specs.memory_sizes_gb("NVIDIA GeForce GTX 960") == (2.0, 4.0)
    assert gpu_specs.memory_sizes_gb("NVIDIA GeForce RTX 3050") == (6.0, 8.0)
    assert gpu_specs.memory_sizes_gb("NVIDIA GeForce RTX 4090") == (24.0,)


def test_every_chip_of_the_table_has_a_family() -> None:
    families = {gpu_specs.chip_family(row.chip) for row in gpu_specs.table().gpu}
    assert families == {"GM", "GP", "GV", "TU", "GA", "AD", "GH", "GB"}
    assert gpu_specs.chip_family("Device 1c82") == ""
