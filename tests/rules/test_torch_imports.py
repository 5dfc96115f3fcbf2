"""torch-missing and torch-import-fails."""

import msgspec
import pytest

from rigcheck.facts import Absent, Cpu, Failed, Reason, Torch
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    K10_FLAGS,
    PYTHON,
    cpu_laptop,
    finding_of,
    found,
    gtx_960,
    host,
    no_torch,
    python,
    rtx_4090,
    torch,
    wrong_in,
)

MISSING, FAILS = "torch-missing", "torch-import-fails"
CRASHES, HANGS = "torch-import-crashes", "torch-import-hangs"


def broken(error: str) -> Torch:
    """A torch whose import fails, and with it everything behind it."""
    failed = Failed(error, f"import torch in {PYTHON}")
    return Torch(
        installed_version=found("2.15.0"),
        torchvision_installed_version=found("0.29.2"),
        version=failed,
        cuda_built_version=failed,
        hip_built_version=failed,
        arch_list=failed,
        cuda_available=failed,
        devices=failed,
        torchvision_version=failed,
    )


def test_an_rtx_4090_gets_the_current_torch_from_pypi() -> None:
    rig = rtx_4090(torch=no_torch())
    finding = finding_of(rig, MISSING)
    assert finding.verdict is Verdict.FAIL
    assert PYTHON in finding.headline
    assert finding.remedy is not None
    assert finding.remedy.commands == (
        f"{PYTHON} -m pip install torch==2.15.0 torchvision==0.29.2",
    )
    assert finding.remedy.verify == f"rigcheck check --only torch --python {PYTHON}"
    assert wrong_in(rig) == [MISSING]


def test_a_gtx_960_gets_the_torch_that_serves_it() -> None:
    finding = finding_of(gtx_960(torch=no_torch()), MISSING)
    assert finding.remedy is not None
    assert finding.remedy.commands[0].endswith(
        "torch==2.14.1 torchvision==0.29.1 --index-url https://download.pytorch.org/whl/cu126"
    )


def test_a_laptop_without_a_gpu_gets_the_small_wheel() -> None:
    finding = finding_of(cpu_laptop(torch=no_torch()), MISSING)
    assert finding.remedy is not None
    assert finding.remedy.commands[0].endswith("--index-url https://download.pytorch.org/whl/cpu")


def test_a_python_too_new_for_every_wheel_is_told_so() -> None:
    rig = rtx_4090(torch=no_torch(), python=python(version=found("3.17.0")))
    finding = finding_of(rig, MISSING)
    assert finding.remedy is not None
    assert finding.remedy.text.startswith("Python 3.17 is too new")
    assert finding.remedy.commands[0] == "python3.15 -m venv ~/.venvs/torch"


def test_a_python_too_old_for_every_wheel_is_told_so() -> None:
    rig = cpu_laptop(torch=no_torch(), python=python(version=found("3.6.9")))
    finding = finding_of(rig, MISSING)
    assert finding.remedy is not None
    assert finding.remedy.text.startswith("Python 3.6 is too old")


def test_an_installed_torch_is_not_missing() -> None:
    assert finding_of(rtx_4090(), MISSING).verdict is Verdict.PASS
    assert finding_of(rtx_4090(torch=broken("ImportError: x")), MISSING).verdict is Verdict.PASS


def test_a_torch_without_metadata_that_can_be_imported_is_not_missing() -> None:
    from_source = msgspec.structs.replace(
        torch("2.16.0a0+git1234"), installed_version=Absent(Reason.NOT_THERE, "metadata")
    )
    assert finding_of(rtx_4090(torch=from_source), MISSING).verdict is Verdict.PASS


def test_an_interpreter_that_does_not_start_leaves_it_open() -> None:
    dead = Failed("cannot start /x/python: No such file or directory", "/x/python")
    rig = rtx_4090(torch=Torch(installed_version=dead, version=dead))
    assert finding_of(rig, MISSING).verdict is Verdict.UNKNOWN
    assert finding_of(rig, FAILS).verdict is Verdict.SKIP


def test_the_last_line_of_the_error_is_in_the_headline() -> None:
    error = "Traceback (most recent call last):\n  …\nImportError: libcudart.so.13: cannot open"
    rig = rtx_4090(torch=broken(error))
    finding = finding_of(rig, FAILS)
    assert finding.verdict is Verdict.FAIL
    assert finding.headline.endswith("ImportError: libcudart.so.13: cannot open")
    assert "\n" not in finding.headline
    assert finding.caused_by is None


@pytest.mark.parametrize(
    ("error", "words", "command"),
    [
        (
            "ImportError: libcusparse.so.12: undefined symbol: __nvJitLinkAddData_12_1",
            "LD_LIBRARY_PATH",
            "unset LD_LIBRARY_PATH",
        ),
        (
            "died of SIGKILL (killed from outside, as the kernel does when memory runs out)",
            "memory",
            "journalctl -k -b | grep -i 'out of memory'",
        ),
        ("no answer within 120 s", "hangs", "nvidia-smi"),
        (
            "ImportError: libcudart.so.13: cannot open shared object file",
            "again",
            f"{PYTHON} -m pip uninstall -y torch torchvision",
        ),
    ],
)
def test_the_error_tells_what_to_mend(error: str, words: str, command: str) -> None:
    kinds = {"died": CRASHES, "no": HANGS}
    id_ = kinds.get(error.split(maxsplit=1)[0], FAILS)
    finding = finding_of(rtx_4090(torch=broken(error)), id_)
    assert finding.remedy is not None
    assert words in finding.remedy.text
    assert command in finding.remedy.commands


def test_an_old_c_library_gets_the_newest_torch_that_runs_on_it() -> None:
    error = "ImportError: /lib64/libc.so.6: version `GLIBC_2.28' not found"
    rig = rtx_4090(torch=broken(error), host=host(glibc_version=found("2.17")))
    finding = finding_of(rig, FAILS)
    assert finding.remedy is not None
    assert "torch==2.6.0" in finding.remedy.commands[0]


def test_a_death_by_sigill_follows_from_the_cpu() -> None:
    rig = rtx_4090(
        cpu=Cpu(model=found("AMD Phenom II X4 955"), flags=found(K10_FLAGS)),
        torch=broken("died of SIGILL (an instruction this CPU does not have)"),
    )
    finding = finding_of(rig, CRASHES)
    assert finding.caused_by == "cpu-lacks-instructions"
    assert finding_of(rig, FAILS).verdict is Verdict.SKIP
    assert wrong_in(rig)[0] == "cpu-lacks-instructions"


@pytest.mark.parametrize(
    ("error", "ids"),
    [
        ("died of SIGSEGV (memory it does not own)", [CRASHES]),
        ("no answer within 120 s", [HANGS]),
        ("ImportError: libcudart.so.13: cannot open shared object file", [FAILS]),
    ],
)
def test_each_end_of_an_import_is_one_bad_state(error: str, ids: list[str]) -> None:
    assert [i for i in wrong_in(rtx_4090(torch=broken(error))) if i.startswith("torch-")] == ids


def test_an_import_that_works_neither_crashes_nor_hangs() -> None:
    assert finding_of(rtx_4090(), CRASHES).verdict is Verdict.PASS
    assert finding_of(rtx_4090(), HANGS).verdict is Verdict.PASS


def test_an_error_of_a_foreign_cuda_library_follows_from_it() -> None:
    error = "ImportError: libcusparse.so.12: undefined symbol: __nvJitLinkAddData_12_1"
    rig = rtx_4090(torch=broken(error))
    assert finding_of(rig, FAILS).caused_by == "cuda-libs-from-ld-library-path"


def test_another_error_on_the_same_cpu_does_not() -> None:
    rig = rtx_4090(
        cpu=Cpu(model=found("AMD Phenom II X4 955"), flags=found(K10_FLAGS)),
        torch=broken("ImportError: libcudart.so.13: cannot open shared object file"),
    )
    assert finding_of(rig, FAILS).caused_by is None


def test_a_torch_that_imports_passes() -> None:
    assert finding_of(rtx_4090(), FAILS).verdict is Verdict.PASS


def test_an_import_that_nobody_tried_is_unknown() -> None:
    rig = rtx_4090(torch=Torch(installed_version=found("2.5.1")))
    assert finding_of(rig, FAILS).verdict is Verdict.UNKNOWN
