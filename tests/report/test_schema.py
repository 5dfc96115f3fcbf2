import json

import jsonschema
import msgspec
import pytest

from rigcheck.facts import Cpu, Found, Rig
from rigcheck.report.report import Report, make_report
from rigcheck.report.schema import SCHEMA_PATH, make_schema, schema_text

SCHEMA = json.loads(SCHEMA_PATH.read_text())


def report(**changes: object) -> dict[str, object]:
    rig = Rig(cpu=Cpu(model=Found("AMD Athlon(tm) X4 860K", "/proc/cpuinfo")))
    whole = make_report(rig=rig, probes=(), findings=(), check_duration_s=0.1)
    return {**json.loads(msgspec.json.encode(whole)), **changes}


def test_the_shipped_file_is_what_the_types_say() -> None:
    assert SCHEMA_PATH.read_text() == schema_text(), (
        "renew it: python -m rigcheck.report.schema > rigcheck/report/report.schema.json"
    )


def test_it_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(make_schema())


def test_a_report_validates_and_comes_back_the_same() -> None:
    plain = report()
    jsonschema.validate(plain, SCHEMA)
    back = msgspec.json.decode(json.dumps(plain), type=Report)
    assert json.loads(msgspec.json.encode(back)) == plain


@pytest.mark.parametrize(
    "wrong",
    [
        {"rig": {"cpu": {"model": {"state": "found", "value": 3, "source": "x"}}}},
        {"rig": {"cpu": {"model": {"state": "absent", "reason": "because", "source": "x"}}}},
        {"findings": [{"id": "x", "verdict": "bad", "headline": "", "group": ""}]},
        {"schema_version": "1"},
    ],
)
def test_a_wrong_report_does_not_validate(wrong: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report(**wrong), SCHEMA)


def test_fields_tell_their_meaning_and_unit() -> None:
    gpu = SCHEMA["$defs"]["GpuSample"]["properties"]
    assert "kernel was running" in gpu["utilization_percent"]["description"]
