"""The kernel's log and Secure Boot in a pasted text."""

import pytest

from rigcheck.facts import Rig, value_of
from rigcheck.ingest.firmware import parse_firmware
from rigcheck.ingest.kernel_log import parse_kernel_log
from rigcheck.ingest.text import Text

LOG = """\
[81234.1] NVRM: Xid (PCI:0000:9c:00): 48, pid=2112, An uncorrectable double bit error
Jan 27 20:11:02 rig kernel: NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', GPU has fallen off
[    2.5] Loading of module with unavailable key is rejected
"""


def test_xids_and_messages_are_read_with_their_time() -> None:
    log = parse_kernel_log(Text(LOG)).kernel_log
    first, second = value_of(log.xids) or ()
    assert (first.code, first.pci_bus_id, first.first_s) == (48, "0000:9c:00.0", 81234.1)
    assert (second.code, second.first_s) == (79, 0.0)
    assert [message.id for message in value_of(log.messages) or ()] == ["module-rejected"]


def test_a_few_lines_without_an_error_do_not_say_that_there_was_none() -> None:
    text = "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build"
    assert value_of(parse_kernel_log(Text(text)).kernel_log.xids) is None


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("SecureBoot enabled", True),
        ("[    0.000000] secureboot: Secure boot disabled", False),
        ("my system:\n- secure boot enabled", True),
        ("Secure Boot is on", True),
        ("It works if Secure Boot is disabled.", None),
        ("Tried with secure boot off", None),
        ("Secure Boot key", None),
    ],
)
def test_secure_boot(text: str, state: bool | None) -> None:
    assert value_of(parse_firmware(Text(text)).host.secure_boot) is state


def test_no_word_of_it_is_no_fact() -> None:
    assert parse_firmware(Text("boot")) == Rig()
