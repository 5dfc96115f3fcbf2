from pathlib import Path

import pytest

from rigcheck.target.ceilings.cpu_caches import Cache, parse_size, read_caches
from rigcheck.target.ceilings.memory import cache_sizes

KIB, MIB = 1024, 1024**2
CACHES = (Cache(1, 32 * KIB, False), Cache(2, MIB, False), Cache(3, 32 * MIB, True))


@pytest.mark.parametrize(
    ("text", "size"), [("32K", 32 * KIB), ("2048K", 2 * MIB), ("32M", 32 * MIB), ("512", 512)]
)
def test_sizes_as_the_kernel_writes_them(text: str, size: int) -> None:
    assert parse_size(text) == size


def test_a_cache_of_two_threads_of_one_core_is_not_shared(tmp_path: Path) -> None:
    write(tmp_path / "topology", thread_siblings_list="0,8")
    cache = tmp_path / "cache"
    write(cache / "index0", level="1", size="48K", type="Data", shared_cpu_list="0,8")
    write(cache / "index1", level="1", size="32K", type="Instruction", shared_cpu_list="0,8")
    write(cache / "index2", level="2", size="2048K", type="Unified", shared_cpu_list="0,8")
    write(cache / "index3", level="3", size="24576K", type="Unified", shared_cpu_list="0-15")
    assert read_caches(str(cache)) == (
        Cache(1, 48 * KIB, False),
        Cache(2, 2 * MIB, False),
        Cache(3, 24 * MIB, True),
    )


def test_a_kernel_that_tells_of_no_caches(tmp_path: Path) -> None:
    assert read_caches(str(tmp_path / "none")) == ()


def test_buffers_together_fill_most_of_each_level() -> None:
    assert dict(cache_sizes(CACHES, 2)) == {"L2": 768 * KIB, "L3": 12 * MIB}


def test_a_shared_level_that_is_no_larger_than_all_private_ones_is_left_out() -> None:
    assert [name for name, _ in cache_sizes(CACHES, 32)] == ["L2"]


def write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text + "\n")
