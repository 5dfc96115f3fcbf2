"""python-without-wheels and glibc-too-old."""

import pytest

from rigcheck.facts import Host, PythonEnv, Rig, Symptom, Symptoms
from rigcheck.findings import Verdict
from tests.rules.rigs import finding_of, found, host, no_torch, not_there, python, rtx_4090

PYTHON, GLIBC = "python-without-wheels", "glibc-too-old"


def met(name: str, text: str) -> Symptoms:
    return Symptoms(seen=found((Symptom(name=name, text=text, source="line 3 of the text"),)))


@pytest.mark.parametrize("version", ["3.6.9", "3.17.0"])
def test_a_python_that_no_release_has_wheels_for_is_told(version: str) -> None:
    rig = rtx_4090(torch=no_torch(), python=python(version=found(version)))
    finding = finding_of(rig, PYTHON)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "-m venv" in finding.remedy.commands[0]


def test_a_release_that_was_asked_for_may_not_have_them() -> None:
    rig = Rig(
        python=PythonEnv(version=found("3.12.0")),
        symptoms=met("no-matching-wheel", "ERROR: No matching distribution found for torch==2.1.1"),
    )
    finding = finding_of(rig, PYTHON)
    assert finding.verdict is Verdict.FAIL
    assert finding.headline == "torch 2.1 has no wheels for Python 3.12"
    assert finding.remedy is not None
    assert finding.remedy.text.startswith("torch 2.2 is the first with wheels for Python 3.12")


def test_a_release_of_old_that_was_asked_for_is_known_too() -> None:
    words = "ERROR: No matching distribution found for torch==1.7.1"
    rig = Rig(python=PythonEnv(version=found("3.11.4")), symptoms=met("no-matching-wheel", words))
    finding = finding_of(rig, PYTHON)
    assert finding.headline == "torch 1.7 has no wheels for Python 3.11"
    assert any("3.6 3.7 3.8 3.9" in evidence.text for evidence in finding.evidence)


def test_a_python_with_wheels_passes() -> None:
    assert finding_of(rtx_4090(torch=no_torch()), PYTHON).verdict is Verdict.PASS
    assert finding_of(rtx_4090(), PYTHON).verdict is Verdict.PASS


def test_a_torch_that_imports_beats_the_table() -> None:
    assert finding_of(rtx_4090(python=python(version=found("3.17.0"))), PYTHON).verdict is (
        Verdict.PASS
    )


def test_another_platform_has_none() -> None:
    rig = rtx_4090(torch=no_torch(), host=host(architecture=found("armv7l")))
    assert finding_of(rig, PYTHON).headline == "there are no torch wheels for armv7l"


def test_where_pip_found_none_and_python_is_not_known_it_is_asked_for() -> None:
    words = "ERROR: Could not find a version that satisfies the requirement torch"
    finding = finding_of(Rig(symptoms=met("no-matching-wheel", words)), PYTHON)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "python3 --version" in finding.remedy.commands
    assert finding_of(Rig(), PYTHON).verdict is Verdict.SKIP


def test_a_c_library_too_old_for_every_wheel_is_told() -> None:
    rig = rtx_4090(torch=no_torch(), host=host(glibc_version=found("2.12")))
    finding = finding_of(rig, GLIBC)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "CentOS 7" in finding.remedy.text


def test_one_that_serves_older_releases_only_is_a_warning_before_torch_is_there() -> None:
    rig = rtx_4090(torch=no_torch(), host=host(glibc_version=found("2.17")))
    finding = finding_of(rig, GLIBC)
    assert finding.verdict is Verdict.WARN
    assert "2.6.0" in finding.headline


def test_with_a_torch_that_imports_any_c_library_will_do() -> None:
    assert finding_of(rtx_4090(host=host(glibc_version=found("2.12"))), GLIBC).verdict is (
        Verdict.PASS
    )


def test_a_current_one_passes_and_versions_are_no_decimal_numbers() -> None:
    for version in ("2.28", "2.100"):
        rig = rtx_4090(torch=no_torch(), host=host(glibc_version=found(version)))
        assert finding_of(rig, GLIBC).verdict is Verdict.PASS


def test_the_loaders_words_count_alone() -> None:
    words = "ImportError: /lib64/libc.so.6: version `GLIBC_2.14' not found"
    rig = Rig(host=Host(glibc_version=found("2.12")), symptoms=met("glibc-too-old", words))
    finding = finding_of(rig, GLIBC)
    assert finding.verdict is Verdict.FAIL
    assert finding.headline == "a library needs glibc 2.14, and this system has 2.12"


def test_musl_has_no_wheels() -> None:
    rig = rtx_4090(torch=no_torch(), host=host(glibc_version=not_there()))
    assert finding_of(rig, GLIBC).verdict is Verdict.FAIL
    assert finding_of(Rig(), GLIBC).verdict is Verdict.SKIP
