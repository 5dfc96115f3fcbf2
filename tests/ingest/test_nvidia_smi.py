"""nvidia-smi in all its forms."""

import pytest

from rigcheck.facts import Gpu, Rig, value_of
from rigcheck.ingest.smi_csv import parse_smi_csv
from rigcheck.ingest.smi_list import parse_smi_list
from rigcheck.ingest.smi_query import parse_smi_query
from rigcheck.ingest.smi_table import parse_cut_names, parse_smi_table
from rigcheck.ingest.smi_xml import parse_smi_xml
from rigcheck.ingest.text import Text

GIB, MIB = 1024**3, 1024**2

TABLE_610 = """\
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 610.57.04              KMD Version: 610.57.04     CUDA UMD Version: 13.3     |
+-----------------------------------------+------------------------+----------------------+
| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |
| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |
|                                         |                        |               MIG M. |
|=========================================+========================+======================|
|   0  NVIDIA GeForce GTX 1650        Off |   00000000:01:00.0  On |                  N/A |
|  0%   51C    P0            N/A  /   75W |     580MiB /   4096MiB |     39%      Default |
|                                         |                        |                  N/A |
+-----------------------------------------+------------------------+----------------------+
"""
TABLE_410 = """\
+-----------------------------------------------------------------------------+
| NVIDIA-SMI 410.48                 Driver Version: 410.48                    |
|-------------------------------+----------------------+----------------------+
|   0  GeForce GTX 108...  Off  | 00000000:02:00.0 Off |                  N/A |
| 23%   30C    P8    16W / 250W |     10MiB / 11178MiB |      0%      Default |
+-------------------------------+----------------------+----------------------+
"""
QUERY = """\
==============NVSMI LOG==============

Timestamp                                 : Mon Nov 23 01:00:00 2026
Driver Version                            : 535.161.07
CUDA Version                              : 12.2

Attached GPUs                             : 1
GPU 00000000:41:00.0
    Product Name                          : NVIDIA A100-SXM4-80GB
    GPU UUID                              : GPU-5a6b7c8d-0000-1111-2222-333344445555
    MIG Mode
        Current                           : Enabled
        Pending                           : Enabled
    FB Memory Usage
        Total                             : 81920 MiB
        Reserved                          : 649 MiB
        Used                              : 4 MiB
        Free                              : 81265 MiB
"""
XML = """\
<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
    <driver_version>580.95.05</driver_version>
    <cuda_version>13.0</cuda_version>
    <attached_gpus>1</attached_gpus>
    <gpu id="00000000:01:00.0">
        <product_name>NVIDIA GeForce RTX 4090</product_name>
        <uuid>GPU-1234</uuid>
        <fb_memory_usage>
            <total>24564 MiB</total>
            <used>100 MiB</used>
        </fb_memory_usage>
    </gpu>
</nvidia_smi_log>
"""


def the_gpu(rig: Rig) -> Gpu:
    (gpu,) = value_of(rig.nvml.gpus) or ()
    return gpu


def test_the_table_in_the_spelling_of_610() -> None:
    rig = parse_smi_table(Text(TABLE_610))
    assert value_of(rig.nvml.driver_version) == "610.57.04"
    assert value_of(rig.nvml.cuda_version) == "13.3"
    gpu = the_gpu(rig)
    assert value_of(gpu.name) == "NVIDIA GeForce GTX 1650"
    assert value_of(gpu.pci_bus_id) == "0000:01:00.0"
    assert value_of(gpu.memory_total_bytes) == 4 * GIB
    assert value_of(gpu.memory_used_bytes) == 580 * MIB


def test_an_old_table_tells_no_cuda_and_cuts_names() -> None:
    rig = parse_smi_table(Text(TABLE_410))
    assert value_of(rig.nvml.driver_version) == "410.48"
    assert value_of(rig.nvml.cuda_version) is None
    assert value_of(the_gpu(rig).name) is None
    assert value_of(the_gpu(parse_cut_names(Text(TABLE_410))).name) == "GeForce GTX 108..."


def test_a_windows_driver_is_seen_by_its_model() -> None:
    rig = parse_smi_table(Text(TABLE_610.replace("1650        Off", "1650       WDDM")))
    assert value_of(rig.host.system) == "Windows"


def test_the_query() -> None:
    rig = parse_smi_query(Text(QUERY))
    gpu = the_gpu(rig)
    assert value_of(rig.nvml.cuda_version) == "12.2"
    assert value_of(gpu.name) == "NVIDIA A100-SXM4-80GB"
    assert value_of(gpu.memory_total_bytes) == 80 * GIB
    assert value_of(gpu.memory_reserved_bytes) == 649 * MIB
    assert value_of(gpu.mig_enabled) is True


def test_the_xml_with_its_lines() -> None:
    rig = parse_smi_xml(Text(XML))
    gpu = the_gpu(rig)
    assert value_of(rig.nvml.driver_version) == "580.95.05"
    assert value_of(gpu.memory_used_bytes) == 100 * MIB
    assert gpu.name.source.startswith("line 8 of the text")


def test_xml_that_ends_early_tells_what_came_before() -> None:
    rig = parse_smi_xml(Text(XML[: XML.index("<fb_memory")]))
    assert value_of(rig.nvml.driver_version) == "580.95.05"


@pytest.mark.parametrize(
    "hostile",
    [
        '<!DOCTYPE a [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;">]><nvidia_smi_log>&y;</nvidia_smi_log>',
        "<nvidia_smi_log>" + "<a>" * 100_000,
        "<nvidia_smi_log><gpu>" * 1_000,
        "<nvidia_smi_log " + "a" * 100_000,
    ],
)
def test_hostile_xml_tells_nothing(hostile: str) -> None:
    assert value_of(parse_smi_xml(Text(hostile)).nvml.driver_version) is None


def test_the_list_and_its_mig_devices() -> None:
    text = """\
GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-5a6b7c8d-0000-1111-2222-333344445555)
  MIG 3g.40gb     Device  0: (UUID: MIG-11112222-3333-4444-5555-666677778888)
GPU 1: NVIDIA TITAN X (Pascal) (UUID: GPU-aaaa7c8d-0000-1111-2222-333344445555)
"""
    first, second = value_of(parse_smi_list(Text(text)).nvml.gpus) or ()
    assert value_of(first.mig_enabled) is True
    assert value_of(second.name) == "NVIDIA TITAN X (Pascal)"
    assert value_of(second.mig_enabled) is None


def test_a_csv_by_its_head() -> None:
    text = (
        "name, compute_cap, memory.total [MiB]\nTesla K80, 3.7, 11441 MiB\nTesla K80, [N/A], 1 MiB"
    )
    first, second = value_of(parse_smi_csv(Text(text)).nvml.gpus) or ()
    assert value_of(first.compute_capability) == "3.7"
    assert value_of(first.memory_total_bytes) == 11441 * MIB
    assert value_of(second.compute_capability) is None


def test_words_with_commas_are_no_csv() -> None:
    assert parse_smi_csv(Text("name, address\nJane, Elm Street")).nvml.gpus == Rig().nvml.gpus
