"""Whether the firmware enforces Secure Boot, from its variables."""

from pathlib import Path

from rigcheck.facts import Absent, Fact, Failed, Found, Reason
from rigcheck.probes.reading import read_entries

_FIRMWARE = Path("sys/firmware/efi")
# The GUID is that of the UEFI specification's own variables.
_VARIABLE = _FIRMWARE / "efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
_LENGTH = 5


def read_secure_boot(root: Path) -> Fact[bool]:
    """Readable by everybody where the variables are mounted; a container sees none."""
    path = root / _VARIABLE
    try:
        return parse_secure_boot(path.read_bytes(), str(path))
    except FileNotFoundError:
        return _without_variable(root, path)
    except PermissionError:
        return Absent(Reason.NO_PERMISSION, str(path))
    except OSError as error:
        return Failed(error.strerror or str(error), str(path))


def _without_variable(root: Path, path: Path) -> Absent:
    """Docker shows an empty /sys/firmware, and a kernel may leave the variables unmounted."""
    shown = read_entries(root / _FIRMWARE.parent)
    names = {entry.name for entry in shown.value} if isinstance(shown, Found) else set()
    if names and _FIRMWARE.name not in names:
        return Absent(Reason.NOT_APPLICABLE, str(root / _FIRMWARE), "started without UEFI")
    return Absent(Reason.NOT_SUPPORTED, str(path), "the firmware's variables are not shown")


def parse_secure_boot(content: bytes, source: str) -> Fact[bool]:
    """Four bytes of attributes, then 1 where it is on (Linux: efivarfs; UEFI 2.10, section 3.3)."""
    if len(content) != _LENGTH:
        return Failed(f"{len(content)} bytes in place of {_LENGTH}", source)
    return Found(content[-1] == 1, source)
