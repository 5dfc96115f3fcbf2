from pathlib import Path

import pytest

from rigcheck.facts import Absent, Failed, Found, Reason
from rigcheck.probes.secure_boot import read_secure_boot

VARIABLE = "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"


def with_variable(root: Path, content: bytes) -> Path:
    path = root / VARIABLE
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return root


@pytest.mark.parametrize(("last", "is_on"), [(b"\x01", True), (b"\x00", False)])
def test_the_last_byte_tells_it(tmp_path: Path, last: bytes, is_on: bool) -> None:
    fact = read_secure_boot(with_variable(tmp_path, b"\x06\x00\x00\x00" + last))
    assert fact == Found(is_on, str(tmp_path / VARIABLE))


def test_a_variable_of_another_length_is_not_guessed_at(tmp_path: Path) -> None:
    assert isinstance(read_secure_boot(with_variable(tmp_path, b"\x01")), Failed)


def test_without_uefi_there_is_no_secure_boot(tmp_path: Path) -> None:
    (tmp_path / "sys/firmware/acpi").mkdir(parents=True)
    fact = read_secure_boot(tmp_path)
    assert isinstance(fact, Absent)
    assert fact.reason is Reason.NOT_APPLICABLE


@pytest.mark.parametrize("directory", ["sys/firmware", "sys/firmware/efi", "sys"])
def test_where_firmware_is_hidden_nothing_is_claimed(tmp_path: Path, directory: str) -> None:
    """Docker mounts an empty directory over /sys/firmware."""
    (tmp_path / directory).mkdir(parents=True)
    fact = read_secure_boot(tmp_path)
    assert isinstance(fact, Absent)
    assert fact.reason is Reason.NOT_SUPPORTED
