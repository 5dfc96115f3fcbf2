from collections.abc import Callable
from pathlib import Path

import pytest

from rigcheck.target.idx import parse_idx, read_idx
from rigcheck.target.task_error import TaskError
from tests.mnist import compress, idx

PATH = Path("some-file")


def error_of(content: bytes) -> str:
    with pytest.raises(TaskError) as caught:
        parse_idx(content, PATH)
    return str(caught.value)


def test_sizes_and_values_are_taken_from_a_file() -> None:
    parsed = parse_idx(b"\0\0\x08\x02\0\0\0\x02\0\0\0\x03abcdef", PATH)
    assert parsed.sizes == (2, 3)
    assert bytes(parsed.values) == b"abcdef"


def test_a_file_without_values_is_whole() -> None:
    assert bytes(parse_idx(idx(0, 28, 28), PATH).values) == b""


def test_a_foreign_file_is_told_by_how_it_begins() -> None:
    assert error_of(b"<!DOCTYPE html>") == (
        "some-file is not an IDX file: it begins with b'<!DOCTYP'"
    )


def test_an_empty_file_is_not_idx() -> None:
    assert error_of(b"") == "some-file is not an IDX file: it begins with b''"


def test_values_that_are_not_bytes_are_refused() -> None:
    assert error_of(idx(1, kind=0x0D, values=bytes(4))) == (
        "some-file holds values of type 0x0d, not bytes (0x08)"
    )


def test_a_missing_last_byte_is_noticed() -> None:
    assert error_of(idx(2, 3)[:-1]) == ("some-file is cut off: 17 bytes where its header says 18")


def test_a_byte_too_many_is_noticed() -> None:
    assert error_of(idx(2, 3) + b"x") == (
        "some-file goes on after its end: 19 bytes where its header says 18"
    )


def test_a_header_may_itself_be_cut_off() -> None:
    assert error_of(idx(2, 3)[:9]) == "some-file is cut off within its header"


def test_sizes_beyond_all_memory_are_only_compared_with_the_file() -> None:
    assert "where its header says 340282366" in error_of(b"\0\0\x08\x04" + b"\xff" * 16 + b"x")


def test_compressed_and_plain_files_read_alike(tmp_path: Path) -> None:
    plain, other = tmp_path / "plain", tmp_path / "other"
    for path in (plain, other):
        path.write_bytes(idx(3, values=b"abc"))
    compressed = compress(other)
    assert read_idx(compressed) == read_idx(plain)


def test_a_browser_may_have_unpacked_a_file_and_kept_its_name(tmp_path: Path) -> None:
    path = tmp_path / "labels.gz"
    path.write_bytes(idx(3, values=b"abc"))
    assert bytes(read_idx(path).values) == b"abc"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: raw[:-9], "is cut off: its gzip data ends early"),
        (lambda raw: raw + b"more", "goes on after the end of its gzip data"),
        (lambda raw: raw[:-8] + b"\0\0\0\0" + raw[-4:], "is damaged: Error -3"),
        (lambda raw: raw[:10] + b"\xff" * 8 + raw[18:], "is damaged: Error -3"),
    ],
    ids=["cut off", "longer", "wrong checksum", "overwritten"],
)
def test_damaged_gzip_data_is_refused(
    tmp_path: Path, change: Callable[[bytes], bytes], words: str
) -> None:
    path = tmp_path / "labels"
    path.write_bytes(idx(1_000, values=bytes(range(250)) * 4))
    path = compress(path)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(TaskError, match=words):
        read_idx(path)


def test_a_file_made_to_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    with path.open("wb") as file:
        file.truncate((256 << 20) + 1)
    with pytest.raises(TaskError, match="is larger than 256 MiB"):
        read_idx(path)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="cannot be read: No such file or directory"):
        read_idx(tmp_path / "nothing")
