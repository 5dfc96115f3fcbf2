from pathlib import Path

import pytest

from rigcheck.facts import Absent, Cache, Found, Reason
from rigcheck.probes.cpu_caches import parse_cache_size, read_caches
from tests.probes.trees import write_tree

CPUS = "sys/devices/system/cpu"


def cache(cpu: int, index: int, level: int, kind: str, *, size: str, shared: str) -> dict[str, str]:
    directory = f"{CPUS}/cpu{cpu}/cache/index{index}"
    return {
        f"{directory}/level": f"{level}\n",
        f"{directory}/type": f"{kind}\n",
        f"{directory}/size": f"{size}\n",
        f"{directory}/shared_cpu_list": f"{shared}\n",
        f"{CPUS}/cpu{cpu}/cache/uevent": "",
    }


def caches_of(root: Path, files: dict[str, str], cpus: set[int]) -> tuple[Cache, ...]:
    caches = read_caches(write_tree(root, files), Found(frozenset(cpus), "online"))
    assert isinstance(caches, Found)
    return caches.value


def test_a_shared_cache_is_counted_once(tmp_path: Path) -> None:
    files: dict[str, str] = {}
    for cpu in range(4):
        files |= cache(cpu, 0, 1, "Data", size="32K", shared=str(cpu))
        files |= cache(cpu, 1, 2, "Unified", size="2048K", shared="0-1" if cpu < 2 else "2-3")
    assert caches_of(tmp_path, files, {0, 1, 2, 3}) == (
        Cache(level=1, kind="Data", size_bytes=32 * 2**10, instances=4),
        Cache(level=2, kind="Unified", size_bytes=2 * 2**20, instances=2),
    )


def test_big_and_little_cores_have_an_entry_each(tmp_path: Path) -> None:
    files = cache(0, 0, 1, "Data", size="48K", shared="0") | cache(
        1, 0, 1, "Data", size="32K", shared="1"
    )
    sizes = [(c.size_bytes, c.instances) for c in caches_of(tmp_path, files, {0, 1})]
    assert sizes == [(32 * 2**10, 1), (48 * 2**10, 1)]


def test_a_cache_without_a_size_is_left_out(tmp_path: Path) -> None:
    files = cache(0, 0, 1, "Data", size="32K", shared="0") | cache(
        0, 1, 2, "Unified", size="0K", shared="0"
    )
    assert [c.level for c in caches_of(tmp_path, files, {0})] == [1]


def test_no_cache_directory_is_not_no_cache(tmp_path: Path) -> None:
    caches = read_caches(tmp_path, Found(frozenset({0}), "online"))
    assert isinstance(caches, Absent)
    assert caches.reason is Reason.NOT_THERE


@pytest.mark.parametrize(
    ("text", "size_bytes"), [("32K", 32_768), ("36M", 37_748_736), ("512", 512)]
)
def test_sizes_have_units(text: str, size_bytes: int) -> None:
    assert parse_cache_size(text) == size_bytes


@pytest.mark.parametrize("text", ["", "K", "0K", "big"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the message may be int()'s
        parse_cache_size(text)
