"""The power supply for the cards found."""

import pytest

from rigcheck.counsel.power import power_supply
from rigcheck.facts import Pci, Rig
from tests.counsel.words import words_of
from tests.rules.rigs import (
    NOT_LOADED,
    card,
    cpu_laptop,
    found,
    gpu,
    gtx_960,
    host,
    no_driver,
    nvml,
    nvml_refusing,
    rtx_4090,
    two_unlike,
)


def told(rig: Rig) -> str:
    return words_of(power_supply(rig))


def test_a_card_is_told_with_its_board_and_the_supply_suggested_for_it() -> None:
    words = told(gtx_960())
    assert "NVIDIA GeForce GTX 960 draws up to 120 W" in words
    assert "suggests a supply of 300 W" in words
    assert "box asks for more, that counts" in words


def test_the_limit_of_the_board_itself_beats_the_table() -> None:
    rig = rtx_4090(nvml=nvml(gpu(power_limit_default_w=found(480.0))))
    assert "draws up to 480 W" in told(rig)


def test_several_cards_are_summed() -> None:
    rig = two_unlike(("NVIDIA GeForce RTX 4090", "8.9"), ("NVIDIA GeForce GTX 960", "5.2"))
    words = told(rig)
    assert "Together the boards draw up to 570 W" in words
    assert "with what the others draw that makes 970 W" in words  # 850 + 120


def test_like_cards_are_counted() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found(())),
        nvml=nvml(*(gpu(i, bus_id=f"0000:{i:02x}:00.0") for i in range(4))),
    )
    assert "4 times: NVIDIA GeForce RTX 4090 draws up to 450 W" in told(rig)
    assert "up to 1800 W" in told(rig)


def test_a_card_without_a_driver_is_known_by_its_name_on_the_bus() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(name="GB202 [GeForce RTX 5090]"),))),
        driver=no_driver(),
        nvml=nvml_refusing(NOT_LOADED),
    )
    assert "draws up to 575 W" in told(rig)


def test_what_is_in_no_table_is_said_to_be_unknown() -> None:
    rig = rtx_4090(nvml=nvml(gpu(name="NVIDIA GeForce Tomorrow")))
    words = told(rig)
    assert "What NVIDIA GeForce Tomorrow may draw is not in the tables" in words
    assert "is not known here" in words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NVIDIA GeForce RTX 4070 Laptop GPU", "laptop's own supply"),
        ("GeForce GTX 970M", "laptop's own supply"),
        ("Quadro T1000 with Max-Q Design", "laptop's own supply"),
        ("NVIDIA H100 80GB HBM3", "fed by the server"),
    ],
)
def test_what_sits_in_a_laptop_or_a_server_is_fed_by_it(name: str, words: str) -> None:
    assert words in told(rtx_4090(nvml=nvml(gpu(name=name))))


@pytest.mark.parametrize("name", ["NVIDIA GeForce RTX 4090", "Quadro M4000", "Tesla M40"])
def test_a_card_of_a_desktop_is_no_laptops(name: str) -> None:
    assert "laptop" not in told(rtx_4090(nvml=nvml(gpu(name=name))))


def test_nothing_is_said_where_there_is_no_card_of_ones_own() -> None:
    assert told(cpu_laptop()) == ""
    assert told(rtx_4090(host=host(container=found("docker")))) == ""
