"""numpy2-abi."""

import msgspec

from rigcheck.facts import Distribution, Rig, Symptom, Symptoms
from rigcheck.findings import Verdict
from tests.rules.rigs import PYTHON, finding_of, found, python, rtx_4090, torch

ID = "numpy2-abi"


def rig(torch_version: str, numpy: str, **packages: str) -> Rig:
    installed = {"numpy": numpy, **packages}
    return rtx_4090(
        torch=torch(torch_version, "11.8"),
        python=python(
            distributions=found(
                tuple(Distribution(name=n, version=v) for n, v in installed.items())
            )
        ),
    )


def test_a_torch_for_numpy_1_beside_numpy_2_is_told() -> None:
    finding = finding_of(rig("2.0.1", "2.0.0"), ID)
    assert finding.verdict is Verdict.WARN
    assert finding.remedy is not None
    assert finding.remedy.commands == (f"{PYTHON} -m pip install 'numpy<2'",)
    assert "2.3" in finding.remedy.text


def test_a_torch_older_than_the_tables_was_for_numpy_1_too() -> None:
    assert finding_of(rig("1.8.0", "2.1.0"), ID).verdict is Verdict.WARN


def test_a_later_torch_or_an_older_numpy_fit() -> None:
    assert finding_of(rig("2.3.0", "2.0.0"), ID).verdict is Verdict.PASS
    assert finding_of(rig("2.0.1", "1.26.4"), ID).verdict is Verdict.PASS


def test_a_tensor_that_was_seen_to_become_an_array_beats_the_table() -> None:
    broken = rig("2.0.1", "2.0.0")
    works = msgspec.structs.replace(broken.torch, numpy_works=found(True))
    assert finding_of(msgspec.structs.replace(broken, torch=works), ID).verdict is Verdict.PASS


def test_a_numpy_newer_than_numba_takes_is_told() -> None:
    finding = finding_of(rig("2.15.0", "2.3.1", numba="0.61.2"), ID)
    assert (finding.verdict, finding.subject) == (Verdict.WARN, "numba")
    assert finding.remedy is not None
    assert "numba>=" in finding.remedy.commands[0]


def test_a_numba_that_takes_it_or_is_newer_than_the_tables_fits() -> None:
    assert finding_of(rig("2.15.0", "2.5.1", numba="0.67.0"), ID).verdict is Verdict.PASS
    assert finding_of(rig("2.15.0", "2.7.0", numba="0.70.0"), ID).verdict is Verdict.PASS


def test_the_words_of_another_module_count_alone() -> None:
    words = "A module that was compiled using NumPy 1.x cannot be run in NumPy 2.0.0"
    seen = (Symptom(name="numpy-abi", text=words, source="line 1"),)
    finding = finding_of(Rig(symptoms=Symptoms(seen=found(seen))), ID)
    assert finding.verdict is Verdict.WARN
    assert finding_of(Rig(), ID).verdict is Verdict.SKIP
