"""The link of a card in sysfs."""

from pathlib import Path

import pytest

from rigcheck.facts import Absent, Failed, Found, PciGpu, Reason
from rigcheck.probes.pci import read_gpus
from rigcheck.probes.pci_link import parse_generation, parse_width
from tests.probes.trees import write_link, write_tree

PORT = "sys/devices/pci0000:00/0000:00:01.0"
CARD = f"{PORT}/0000:01:00.0"


def link(device: str, now: tuple[str, str], best: tuple[str, str]) -> dict[str, str]:
    return {
        f"{device}/current_link_speed": f"{now[0]}\n",
        f"{device}/current_link_width": f"{now[1]}\n",
        f"{device}/max_link_speed": f"{best[0]}\n",
        f"{device}/max_link_width": f"{best[1]}\n",
    }


def card(root: Path, files: dict[str, str]) -> PciGpu:
    known = {f"{CARD}/vendor": "0x10de", f"{CARD}/device": "0x1401", f"{CARD}/class": "0x030000"}
    write_tree(root, known | files)
    write_link(
        root, "sys/bus/pci/devices/0000:01:00.0", "../../../devices/" + CARD[len("sys/devices/") :]
    )
    gpus = read_gpus(root)
    assert isinstance(gpus, Found)
    return gpus.value[0]


def values(gpu: PciGpu) -> list[object]:
    facts = (
        gpu.link_generation_now,
        gpu.link_width_now,
        gpu.card_generation_max,
        gpu.card_width_max,
        gpu.slot_generation_max,
        gpu.slot_width_max,
    )
    return [fact.value if isinstance(fact, Found) else fact for fact in facts]


def test_a_card_for_16_lanes_in_a_slot_with_4(tmp_path: Path) -> None:
    at_rest = link(CARD, ("2.5 GT/s PCIe", "4"), ("16.0 GT/s PCIe", "16"))
    slot = link(PORT, ("2.5 GT/s PCIe", "4"), ("8.0 GT/s PCIe", "4"))
    assert values(card(tmp_path, at_rest | slot)) == [1, 4, 4, 16, 3, 4]


def test_an_older_kernel_s_spelling(tmp_path: Path) -> None:
    files = link(CARD, ("5 GT/s", "16"), ("8 GT/s", "16"))
    assert values(card(tmp_path, files))[:4] == [2, 16, 3, 16]


def test_a_virtual_machine_that_shows_no_slot_says_so(tmp_path: Path) -> None:
    gpu = card(tmp_path, link(CARD, ("16.0 GT/s PCIe", "16"), ("16.0 GT/s PCIe", "16")))
    assert gpu.slot_width_max == Absent(
        Reason.NOT_THERE,
        str(tmp_path / PORT / "max_link_width"),
        "the slot cannot be seen from here",
    )


def test_a_link_that_is_down_has_no_generation_and_no_lanes(tmp_path: Path) -> None:
    gpu = card(tmp_path, link(CARD, ("Unknown", "63"), ("16.0 GT/s PCIe", "16")))
    assert isinstance(gpu.link_generation_now, Failed)
    assert isinstance(gpu.link_width_now, Failed)
    assert isinstance(gpu.card_width_max, Found)


@pytest.mark.parametrize(
    ("text", "generation"),
    [("2.5 GT/s PCIe", 1), ("5.0 GT/s PCIe", 2), ("32.0 GT/s PCIe", 5), ("64.0 GT/s PCIe", 6)],
)
def test_a_speed_is_a_generation(text: str, generation: int) -> None:
    assert parse_generation(text) == generation


@pytest.mark.parametrize("text", ["", "Unknown speed", "7 GT/s"])
def test_what_is_no_speed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a speed"):
        parse_generation(text)


@pytest.mark.parametrize("text", ["0", "63", "255"])
def test_what_no_link_has_is_no_number_of_lanes(text: str) -> None:
    with pytest.raises(ValueError, match="not a number of lanes"):
        parse_width(text)
