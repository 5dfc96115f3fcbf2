import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from rigcheck.errors import RigcheckError
from rigcheck.report.head import encode_stored, head_of, read_head
from rigcheck.report.read import read_report
from rigcheck.report.schema import SCHEMA_PATH
from tests.report.kept import SLOW_LINK, report, trained

BENCH = report(trained("CPU"), trained("GPU 0"), findings=(SLOW_LINK,))


def stored(folder: Path, content: bytes) -> Path:
    path = folder / "20261123T035605Z-k7f3q9m2.json"
    path.write_bytes(content)
    return path


def test_a_head_tells_what_a_list_shows() -> None:
    head = head_of(BENCH)
    assert (head.hostname, head.driver, head.torch) == ("rig", "580.95.05", "2.15.0+cu132")
    assert [device.label for device in head.devices] == ["CPU", "GPU 0"]
    assert [form.tier.value for form in head.devices[0].rates] == ["in-memory"]
    assert (head.verdicts, head.root_cause) == ({"warn": 1}, "pcie-link-degraded")


def test_a_check_has_devices_and_no_rates() -> None:
    head = head_of(report())
    assert not head.has_bench
    assert [device.label for device in head.devices] == ["CPU", "GPU 0"]
    assert not any(device.rates for device in head.devices)


def test_a_kept_run_is_a_report_that_validates_and_comes_back_the_same(tmp_path: Path) -> None:
    path = stored(tmp_path, encode_stored(BENCH))
    jsonschema.validate(json.loads(path.read_text()), json.loads(SCHEMA_PATH.read_text()))
    assert read_report(path) == BENCH


def test_the_head_is_read_without_the_rest(tmp_path: Path) -> None:
    whole = encode_stored(BENCH)
    first, _, rest = whole.partition(b"\n")
    path = stored(tmp_path, first + b"\n" + b"?" * len(rest))
    head = read_head(path)
    assert msgspec.structs.replace(head, body_bytes=0) == head_of(BENCH)


def test_a_report_without_a_head_is_read_whole(tmp_path: Path) -> None:
    assert read_head(stored(tmp_path, msgspec.json.encode(BENCH))) == head_of(BENCH)


def test_a_file_that_was_cut_off_is_damaged_though_its_head_is_whole(tmp_path: Path) -> None:
    path = stored(tmp_path, encode_stored(BENCH)[:-1])
    with pytest.raises(RigcheckError, match="damaged"):
        read_head(path)


@pytest.mark.parametrize(
    "content",
    [b"", b'{"head":', b'{"head":7,\n', b'{"head":{"schema_version":1},\n', b"[" * 100_000],
)
def test_anything_else_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RigcheckError, match=r"20261123T035605Z-k7f3q9m2\.json"):
        read_head(stored(tmp_path, content))


def test_a_head_of_a_later_rigcheck_is_told(tmp_path: Path) -> None:
    content = b'{"head":{"schema_version":99,"hostname":7},\n"schema_version":99}'
    with pytest.raises(RigcheckError, match="later rigcheck"):
        read_head(stored(tmp_path, content))
