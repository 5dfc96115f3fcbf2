"""The GPU code in libraries: NVIDIA's own, as torch ships it, and broken ones."""

import importlib.util
import re
import struct
import subprocess
import time
from pathlib import Path

import pytest
import torch

from rigcheck.target.gpu_code import parse_gpu_code, read_gpu_code

LINALG = Path(torch.__file__).parent / "lib" / "libtorch_cuda_linalg.so"
FAR = time.monotonic() + 3600.0
has_cuda = pytest.mark.skipif(not LINALG.exists(), reason="the installed torch has no CUDA")


def cuobjdump() -> Path | None:
    """NVIDIA's own reader, as Triton brings it."""
    spec = importlib.util.find_spec("triton")
    if spec is None or spec.origin is None:
        return None
    tool = Path(spec.origin).parent / "backends/nvidia/bin/cuobjdump"
    return tool if tool.exists() else None


@has_cuda
def test_torchs_own_library_has_the_code_that_torch_lists() -> None:
    assert read_gpu_code(str(LINALG), FAR) == torch._C._cuda_getArchFlags().split()


@has_cuda
@pytest.mark.skipif(cuobjdump() is None, reason="no cuobjdump")
@pytest.mark.parametrize(
    "library", ["torch/lib/libtorch_cuda_linalg.so", "torchvision/_C_stable.so"]
)
def test_it_reads_what_nvidias_reader_lists(library: str) -> None:
    path = Path(torch.__file__).parent.parent / library
    if not path.exists():
        pytest.skip(f"no {library} in this release")
    tool = [str(cuobjdump()), "--list-elf", "--list-ptx", str(path)]
    listed = subprocess.run(tool, capture_output=True, text=True, check=True).stdout
    cubins = set(re.findall(r"\.(sm_\w+)\.cubin", listed))
    ptx = {f"compute_{code}" for code in re.findall(r"\.sm_(\w+)\.ptx", listed)}
    assert set(read_gpu_code(str(path), FAR)) == cubins | ptx


@has_cuda
def test_a_deadline_that_has_passed_ends_it() -> None:
    with pytest.raises(TimeoutError):
        read_gpu_code(str(LINALG), time.monotonic() - 1.0)


def entry(kind: int, capability: int, flags: int = 0x11, payload: bytes = b"\0" * 8) -> bytes:
    head = struct.pack("<HHIQ", kind, 0x101, 64, len(payload))
    return (
        head
        + bytes(12)
        + struct.pack("<I", capability)
        + bytes(8)
        + struct.pack("<Q", flags)
        + bytes(16)
        + payload
    )


def container(*entries: bytes) -> bytes:
    body = b"".join(entries)
    return struct.pack("<IHHQ", 0xBA55ED50, 1, 16, len(body)) + body


def elf(section: bytes, name: bytes = b".nv_fatbin") -> memoryview:
    """The least file with one section of code and one of names."""
    names = b"\0" + name + b"\0.shstrtab\0"
    table_at = 64 + len(section) + len(names)
    header = b"\x7fELF\x02\x01\x01" + bytes(33) + struct.pack("<Q", table_at) + bytes(10)
    header += struct.pack("<HHH", 64, 3, 2)
    rows = [
        (0,) * 10,
        (1, 1, 0, 0, 64, len(section), 0, 0, 8, 0),
        (2 + len(name), 3, 0, 0, 64 + len(section), len(names), 0, 0, 1, 0),
    ]
    table = b"".join(struct.pack("<IIQQQQIIQQ", *row) for row in rows)
    return memoryview(header + section + names + table)


def test_containers_are_read_together_and_machine_code_comes_first() -> None:
    section = container(entry(1, 120), entry(2, 90, 0x100011)) + bytes(16) + container(entry(2, 75))
    assert parse_gpu_code(elf(section), FAR) == ["sm_75", "sm_90a", "compute_120"]


def test_a_library_without_gpu_code_has_none() -> None:
    assert parse_gpu_code(elf(b"\0" * 64, b".text"), FAR) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ and so on",
        b"\x7fELF\x02\x01",
        bytes(elf(b"garbage, garbage, garbage!!")),
        bytes(elf(container(entry(2, 75))[:-8])),
        bytes(elf(struct.pack("<IHHQ", 0xBA55ED50, 1, 16, 2**63) + bytes(64))),
        bytes(elf(container(struct.pack("<HHIQ", 2, 1, 0, 0) + bytes(64)))),
        b"\x7fELF\x02\x01" + b"\xff" * 200,
    ],
)
def test_what_is_broken_or_foreign_is_refused(content: bytes, tmp_path: Path) -> None:
    library = tmp_path / "x.so"
    library.write_bytes(content)
    with pytest.raises(ValueError, match=r"."):
        read_gpu_code(str(library), FAR)
