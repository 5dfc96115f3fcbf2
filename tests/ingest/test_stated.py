"""Facts as people list them."""

import pytest

from rigcheck.facts import Rig, is_known_absent, value_of
from rigcheck.ingest.outline import read_outline
from rigcheck.ingest.stated import parse_stated
from rigcheck.ingest.text import Text

YAML = """\
facts:
  os: Ubuntu 24.04
  torch: 2.5.1+cpu
  driver: '535.183.01'
  cuda_available: false
  gpus:
  - name: TITAN Xp
    count: 2
  - name: RTX 3090
    power_limit_w: 315
    sw_power_cap: true
  env:
    LD_LIBRARY_PATH:
    - /usr/local/cuda-12.1/lib64
    - /opt/lib
  topology:
    GPU0-GPU1: PXB
"""
FORM = """\
 - PyTorch Version (e.g., 1.0): 1.3.1
 - **OS**: Fedora 34
- [x] GPU: 2x RTX 2060 Super
| Secure Boot | enabled |
"""


def read(text: str) -> Rig:
    return parse_stated(Text(text))


def test_an_outline_has_its_lines_below_one_another() -> None:
    (facts,) = read_outline(Text(YAML))
    assert [line.key for line in facts.children][:3] == ["os", "torch", "driver"]
    gpus = next(line for line in facts.children if line.key == "gpus")
    assert [line.starts_item for line in gpus.children] == [True, False, True, False, False]


def test_a_list_of_facts() -> None:
    rig = read(YAML)
    assert value_of(rig.host.distribution_id) == "ubuntu"
    assert value_of(rig.torch.installed_version) == "2.5.1+cpu"
    assert is_known_absent(rig.torch.cuda_built_version)
    assert value_of(rig.torch.cuda_available) is False
    assert value_of(rig.nvml.driver_version) == "535.183.01"
    assert value_of(rig.environment.ld_library_path) == "/usr/local/cuda-12.1/lib64:/opt/lib"
    assert "line 4 of the text" in rig.nvml.driver_version.source


def test_a_list_of_cards_with_what_was_read_of_each() -> None:
    gpus = value_of(read(YAML).nvml.gpus) or ()
    assert [value_of(gpu.name) for gpu in gpus] == ["TITAN Xp", "TITAN Xp", "RTX 3090"]
    assert value_of(gpus[2].power_limit_w) == 315.0
    assert value_of(gpus[2].clocks_event_reasons) == ("power cap",)


def test_how_cards_are_joined() -> None:
    (pair,) = value_of(read(YAML).nvml.gpu_pairs) or ()
    assert (pair.first, pair.second) == ("GPU 0", "GPU 1")
    assert value_of(pair.common_ancestor) == "several PCIe switches"


def test_the_blanks_of_a_form() -> None:
    rig = read(FORM)
    assert value_of(rig.torch.version) == "1.3.1"
    assert value_of(rig.host.distribution_id) == "fedora"
    assert value_of(rig.host.secure_boot) is True
    gpus = value_of(rig.nvml.gpus) or ()
    assert len(gpus) == 2


@pytest.mark.parametrize(
    "text", ["driver: nouveau", "gpu: yes", "torch: from source", "shm: plenty", "python: three"]
)
def test_a_value_in_no_known_form_is_left_out(text: str) -> None:
    assert read(text) == Rig()


def test_a_fabric_manager_of_another_version_than_the_driver_is_a_symptom() -> None:
    (symptom,) = value_of(read("driver: 530.41.03\nfabric_manager: 530.30.02").symptoms.seen) or ()
    assert symptom.name == "fabric-manager-version"
    same = read("driver: 530.41.03\nfabric_manager: 530.41.03")
    assert value_of(same.symptoms.seen) is None
