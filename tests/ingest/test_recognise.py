"""Mixtures of texts, and what is no such text."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rigcheck.errors import RigcheckError, UsageError
from rigcheck.explain import explain
from rigcheck.facts import Rig, value_of
from rigcheck.findings import Verdict
from rigcheck.ingest.recognise import read_rig
from rigcheck.ingest.text import Text, clean, parse_text
from tests.ingest.test_collect_env import OF_2019, OF_TODAY
from tests.ingest.test_env_table import TABLE
from tests.ingest.test_kernel_and_firmware import LOG
from tests.ingest.test_nvidia_smi import QUERY, TABLE_410, TABLE_610, XML
from tests.ingest.test_stated import FORM, YAML


def wrong_in(text: str) -> list[str]:
    findings = explain(Text(clean(text))).findings
    return [f.id for f in findings if f.verdict in (Verdict.FAIL, Verdict.WARN)]


def test_an_issue_with_several_texts_is_one_rig() -> None:
    issue = f"""\
## Bug
After the update I get
> RuntimeError: CUDA error: no kernel image is available for execution on the device
<details>

```
{OF_TODAY}
```
and nvidia-smi says
```
{TABLE_610}
```
</details>
"""
    rig = read_rig(Text(clean(issue)))
    assert value_of(rig.torch.version) == "2.4.0+cu121"
    assert [s.name for s in value_of(rig.symptoms.seen) or ()] == ["no-kernel-image"]
    assert value_of(rig.host.distribution_id) == "ubuntu"


def test_what_the_driver_says_counts_before_what_was_copied_from_it() -> None:
    rig = read_rig(Text(OF_TODAY + TABLE_610))
    assert value_of(rig.nvml.driver_version) == "610.57.04"
    assert "NVIDIA-SMI" in rig.nvml.driver_version.source


def test_a_name_that_the_table_cut_is_told_by_the_other_text() -> None:
    rig = read_rig(Text(OF_2019.replace("GeForce RTX 2060", "GeForce GTX 1080 Ti") + TABLE_410))
    (gpu,) = value_of(rig.nvml.gpus) or ()
    assert value_of(gpu.name) == "GeForce GTX 1080 Ti"
    assert value_of(gpu.pci_bus_id) == "0000:02:00.0"


def test_what_people_write_counts_last() -> None:
    rig = read_rig(Text("GPU: RTX 3090, driver 470.42, torch 1.7.0\n" + TABLE_610))
    assert value_of(rig.nvml.driver_version) == "610.57.04"
    assert value_of(rig.torch.installed_version) == "1.7.0"


def test_of_several_cards_that_are_spoken_of_none_is_built_in() -> None:
    rig = read_rig(Text("torch 2.1.0 works on my RTX 3090 and fails on the GTX 1080 Ti"))
    assert value_of(rig.nvml.gpus) is None


@pytest.mark.parametrize("text", ["", "hello world\n", "lorem ipsum " * 1000])
def test_a_text_that_tells_of_no_machine_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="nothing in this text"):
        read_rig(Text(text))


def test_a_healthy_report_is_left_alone() -> None:
    assert wrong_in(OF_TODAY.replace("GPU 1: Tesla P100-PCIE-16GB\n", "")) == []


def test_an_error_text_alone_is_judged() -> None:
    assert wrong_in("modprobe: could not insert 'nvidia': Key was rejected by service") == [
        "secure-boot-blocks-module"
    ]
    assert wrong_in("kernel: NVRM: Xid (PCI:0000:0a:00): 79, GPU has fallen off the bus.")[:1] == [
        "xid79-fell-off-bus"
    ]


def test_no_foreign_control_character_reaches_a_source() -> None:
    text = parse_text(b"PyTorch version: 2.1.0\x1b]0;pwned\x07\nIs CUDA available: True\n")
    assert "\x1b" not in read_rig(text).torch.version.source


PIECES = st.sampled_from(
    [OF_2019, OF_TODAY, QUERY, TABLE_410, TABLE_610, XML, YAML, FORM, LOG, TABLE, "\n", " ", "| "]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=6), st.data())
def test_no_text_breaks_it(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    mangled = text[:start] + data.draw(st.text(max_size=5)) + text[stop:]
    try:
        report = explain(parse_text(mangled.encode(errors="replace")))
    except RigcheckError:
        return
    broken = [f for f in report.findings if "could not be judged" in f.headline]
    assert not broken
    assert report.rig != Rig()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2_000))
def test_no_bytes_break_it(raw: bytes) -> None:
    with contextlib.suppress(RigcheckError):
        assert explain(parse_text(raw)).rig != Rig()
