"""Recorded lines of kernel logs; the longer quotes are those of the table of messages."""

import pytest

from rigcheck.facts import KernelMessage
from rigcheck.knowledge import kernel_messages
from rigcheck.probes.kernel_lines import (
    LogLine,
    find_messages,
    find_xids,
    normal_bus_id,
    parse_journal,
    parse_kmsg,
)

FELL_OFF = (
    "NVRM: Xid (PCI:0000:05:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus."
)


def log(*texts: str) -> tuple[LogLine, ...]:
    return tuple(LogLine(at_s=float(at), text=text) for at, text in enumerate(texts, 1))


def quoted(text: str) -> tuple[LogLine, ...]:
    """As the table quotes several lines in one."""
    return log(*text.split(" / "))


def test_a_record_of_kmsg_has_its_time_and_text() -> None:
    records = "6,339,5140900,-;NET: Registered protocol family 10\n SUBSYSTEM=net\n DEVICE=n1\n"
    assert parse_kmsg(records) == (LogLine(at_s=5.1409, text="NET: Registered protocol family 10"),)


def test_a_record_of_several_lines_becomes_as_many() -> None:
    records = r"3,912,8000000,-;NVRM: The NVIDIA GPU 0000:02:00.0\x0aNVRM: installed; in" + "\n"
    texts = [line.text for line in parse_kmsg(records)]
    assert texts == ["NVRM: The NVIDIA GPU 0000:02:00.0", "NVRM: installed; in"]


def test_what_is_no_record_is_passed_over() -> None:
    assert parse_kmsg("garbage\n;\n6,1,x,-;no time\n\n") == ()


def test_a_line_of_the_journal_has_its_time_and_text() -> None:
    text = '{"MESSAGE":"Linux version 6.8","_SOURCE_MONOTONIC_TIMESTAMP":"2500000"}\n'
    assert parse_journal(text) == (LogLine(at_s=2.5, text="Linux version 6.8"),)


def test_the_journal_gives_bytes_where_text_is_not_utf_8() -> None:
    (line,) = parse_journal('{"MESSAGE":[78,86,255],"__REALTIME_TIMESTAMP":"1"}')
    assert line.text == "NV�"


@pytest.mark.parametrize("text", ["[1]", "no json"])
def test_a_journal_that_is_no_journal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"journal|Expecting"):
        parse_journal(text)


@pytest.mark.parametrize(
    ("line", "code", "bus_id"),
    [
        (FELL_OFF, 79, "0000:05:00.0"),
        ("NVRM: Xid (0000:03:00): 13, 0001 00000000", 13, "0000:03:00.0"),
        (
            "NVRM: Xid (PCI:0018:01:00): 149, NETIR_LINK_EVT Fatal XC0 i0 Link 08 (0x004505c6)",
            149,
            "0018:01:00.0",
        ),
        (
            "NVRM: Xid (PCI:0000:b1:00 GPU-I:05): 94, pid=7194, Contained: CE User Channel",
            94,
            "0000:b1:00.0",
        ),
        ("NVRM: GPU 0000:18:00.0: GPU has fallen off the bus.", 79, "0000:18:00.0"),
    ],
)
def test_an_xid_has_its_number_and_its_gpu(line: str, code: int, bus_id: str) -> None:
    (xid,) = find_xids(log(line))
    assert (xid.code, xid.pci_bus_id, xid.text) == (code, bus_id, line)


def test_the_form_of_three_lines_counts_as_79_too() -> None:
    (xid,) = find_xids(
        log(
            "NVRM: The NVIDIA GPU 0000:01:00.0",
            "NVRM: (PCI ID: 10de:1401) installed in this system has",
            "NVRM: fallen off the bus and is not responding to commands.",
        )
    )
    assert (xid.code, xid.pci_bus_id) == (79, "0000:01:00.0")


def test_repeated_xids_are_counted_and_the_first_is_kept() -> None:
    lines = log(
        "NVRM: Xid (PCI:0000:05:00): 31, pid=1, first",
        "NVRM: Xid (PCI:0000:06:00): 31, pid=2, other card",
        "NVRM: Xid (PCI:0000:05:00): 43, pid=1",
        "NVRM: Xid (PCI:0000:05:00): 31, pid=3, second",
    )
    xids = find_xids(lines)
    assert [(x.code, x.pci_bus_id, x.count) for x in xids] == [
        (31, "0000:05:00.0", 2),
        (31, "0000:06:00.0", 1),
        (43, "0000:05:00.0", 1),
    ]
    assert xids[0].first_s == 1.0
    assert xids[0].text.endswith("first")


@pytest.mark.parametrize(
    "line",
    [
        "NVRM: loading NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024",
        "audit: type=1400 apparmor=ALLOWED name=Xid (79): 12",
        "usb 1-1: device fell off the bus at 12:34",
    ],
)
def test_other_lines_are_no_xid(line: str) -> None:
    assert find_xids(log(line)) == ()
    assert find_messages(log(line)) == ()


@pytest.mark.parametrize("row", kernel_messages.table().message, ids=lambda row: row.id)
def test_each_message_of_the_table_is_found_in_its_quote(row: kernel_messages.Message) -> None:
    assert row.id in {message.id for message in find_messages(quoted(row.quote))}


def test_the_branch_that_a_card_needs_is_the_argument() -> None:
    row = kernel_messages.message_of("legacy-branch-needed")
    assert row is not None
    message = find_messages(quoted(row.quote))[0]
    assert message == KernelMessage(
        id="legacy-branch-needed",
        pci_bus_id="",
        argument="580",
        count=1,
        first_s=2.0,
        text="NVRM: The NVIDIA NVIDIA GeForce GTX 1050 GPU installed in this system is "
        "supported through the NVIDIA 580.xx Legacy drivers. Please",
    )


def test_the_card_that_the_open_module_refuses_is_named() -> None:
    row = kernel_messages.message_of("open-module-old-gpu")
    assert row is not None
    (message,) = find_messages(quoted(row.quote))
    assert message.pci_bus_id == "0000:02:00.0"


def test_a_module_that_only_taints_the_kernel_was_not_rejected() -> None:
    taint = "nvidia: module verification failed: signature and/or required key missing - tainting"
    assert find_messages(log(taint)) == ()


@pytest.mark.parametrize(
    "line",
    [
        "Loading of unsigned module is rejected",
        "nvidia: loading of module with unavailable key is rejected",
        "Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7",
    ],
)
def test_a_rejected_module_is_told_in_any_kernels_words(line: str) -> None:
    (message,) = find_messages(log(line))
    assert message.id == "module-rejected"


def test_a_flood_of_one_line_stays_one_message() -> None:
    line = "NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x22:0x56:884)"
    (message,) = find_messages(log(*[line] * 1000))
    assert message.count == 1000


@pytest.mark.parametrize("text", ["05:00", "0000:05:00", "00000000:05:00.0", "0000:05:00.0"])
def test_a_bus_id_is_spelt_as_in_sysfs(text: str) -> None:
    assert normal_bus_id(text) == "0000:05:00.0"
