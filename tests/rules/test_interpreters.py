"""interpreter-unusable."""

from rigcheck.facts import Failed, PythonEnv, Rig
from rigcheck.findings import Verdict
from tests.rules.rigs import finding_of, found

ID = "interpreter-unusable"


def test_an_interpreter_that_is_gone_fails_with_the_reason() -> None:
    why = Failed("it points to /opt/py/bin/python3.11, which is not there", "/env/bin/python3")
    finding = finding_of(Rig(python=PythonEnv(version=why, executable=why)), ID)
    assert finding.verdict is Verdict.FAIL
    assert "/opt/py/bin/python3.11, which is not there" in finding.headline
    assert finding.remedy is not None


def test_one_that_takes_too_long_may_work_another_time() -> None:
    slow = Failed("no answer within 10 s", "/env/bin/python3")
    assert finding_of(Rig(python=PythonEnv(version=slow)), ID).verdict is Verdict.UNKNOWN


def test_one_that_tells_its_version_passes_whatever_else_is_missing() -> None:
    python = PythonEnv(version=found("3.12.1"), distributions=Failed("unreadable", "sys.path"))
    assert finding_of(Rig(python=python), ID).verdict is Verdict.PASS


def test_where_nobody_asked_there_is_nothing_to_say() -> None:
    assert finding_of(Rig(), ID).verdict is Verdict.SKIP
