"""The Windows around WSL 2, as its hypervisor introduces itself to the Linux kernel.

No program of Windows is run for it. The registry is not readable from Linux while Windows runs.
"""

import re
from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.probes.hypervisor import read_wsl_version
from rigcheck.probes.kernel_lines import LogLine, parse_kmsg
from rigcheck.probes.kernel_log import read_kmsg
from rigcheck.probes.reading import parsed

_DEVICE = "dev/kmsg"
# `Hyper-V: Host Build 10.0.22631.4317-1-0`, before Linux 5.12 `Hyper-V Host Build:19041-10.0-1-0.1`
# (both in microsoft/lisa#1340).
_BUILD = re.compile(r"Hyper-V:? Host Build(?::(\d+)-| \d+\.\d+\.(\d+)\.)")
_ASK = "`cmd.exe /c ver` tells it"
_SHARED_BUILD = 19041
"""Windows 10 from 2004 to 22H2 (builds 19041 to 19045) has one hypervisor; CUDA came in between."""


def read_windows_build(root: Path) -> Fact[int]:
    """Its build; yearly updates that share a hypervisor tell the number of the first."""
    wsl = read_wsl_version(root)
    if not isinstance(wsl, Found):
        return Absent(Reason.NOT_APPLICABLE, wsl.source, "not in WSL")
    lines = parsed(read_kmsg(root / _DEVICE), parse_kmsg)
    if not isinstance(lines, Found):
        return Absent(Reason.NO_PERMISSION, lines.source, _ASK)
    build = find_windows_build(lines.value)
    if build is None:
        return Absent(Reason.NOT_THERE, lines.source, _ASK)
    if build == _SHARED_BUILD:
        detail = f"between 19041 and 19045: {_ASK}"
        return Absent(Reason.NOT_SUPPORTED, lines.source, detail)
    return Found(build, lines.source)


def find_windows_build(lines: tuple[LogLine, ...]) -> int | None:
    """22631, from the line of the kernel's start that names the host."""
    matches = (_BUILD.search(line.text) for line in lines)
    match = next((match for match in matches if match), None)
    return int(match[1] or match[2]) if match else None
