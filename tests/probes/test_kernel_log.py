from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, KernelLog, Reason, value_of
from rigcheck.probes.kernel_log import read_kernel_log, read_kmsg
from rigcheck.probes.probe import ProbeContext
from tests.probes.trees import write_tree

RECORDS = """\
5,0,0,-;Linux version 6.8.0-88-generic (buildd@lcy02) #89-Ubuntu SMP
4,900,7200000,-;nvidia: loading out-of-tree module taints kernel.
3,1200,900500000,-;NVRM: Xid (PCI:0000:05:00): 79, pid='<unknown>', GPU has fallen off the bus.
"""


def log_of(root: Path) -> KernelLog:
    return read_kernel_log(ProbeContext(python="python3", data_dir=root, root=root))


def test_an_xid_in_the_kernels_ring_is_found(tmp_path: Path) -> None:
    log = log_of(write_tree(tmp_path, {"dev/kmsg": RECORDS}))
    (xid,) = value_of(log.xids) or ()
    assert (xid.code, xid.first_s) == (79, 900.5)
    assert value_of(log.messages) == ()
    assert value_of(log.reaches_boot) is True


def test_a_ring_whose_beginning_is_overwritten_says_so(tmp_path: Path) -> None:
    later = RECORDS.partition("\n")[2]
    log = log_of(write_tree(tmp_path, {"dev/kmsg": later}))
    assert value_of(log.reaches_boot) is False


def test_a_ring_that_may_not_be_read_is_no_empty_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel refuses where kernel.dmesg_restrict is 1; a test that runs as root is not."""

    def refuse(*_: object) -> int:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.open", refuse)
    log = log_of(tmp_path)
    for fact in (log.xids, log.messages, log.oom_kills, log.reaches_boot):
        assert isinstance(fact, Absent)
        assert fact.reason is Reason.NO_PERMISSION
        assert "sudo dmesg" in fact.detail


def test_without_the_device_the_log_cannot_be_seen(tmp_path: Path) -> None:
    xids = log_of(tmp_path).xids
    assert isinstance(xids, Absent)
    assert xids.reason is Reason.NOT_SUPPORTED


def test_reading_this_machines_ring_waits_for_no_new_line() -> None:
    assert isinstance(read_kmsg(Path("/dev/kmsg")), Found | Absent)


def test_this_machine_answers_within_the_limit() -> None:
    assert isinstance(
        read_kernel_log(ProbeContext(python="python3", data_dir=Path("/"))), KernelLog
    )
