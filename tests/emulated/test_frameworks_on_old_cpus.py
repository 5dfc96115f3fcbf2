"""What the installed NumPy and torch do on CPUs of their past. Emulated, so slow."""

import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from rigcheck.check import check
from rigcheck.check_events import CheckFinished
from rigcheck.facts import Failed, Found, Torch, value_of
from rigcheck.findings import Finding, Verdict
from rigcheck.probes.asked import ask
from rigcheck.probes.probe import ProbeContext
from rigcheck.versions import at_least
from tests.emulated.cpus import python_on

pytestmark = pytest.mark.slow

PARTS = frozenset({"host", "cpu", "pci", "driver", "nvml", "python", "torch"})
_TASK = "rigcheck.target.torch_facts"
_LIMIT_S = 900.0


def torch_on(cpu: str, folder: Path) -> Torch:
    return ask(Torch, python_on(cpu, sys.executable, folder), _TASK, _LIMIT_S)


def findings_on(cpu: str, folder: Path) -> dict[str, Finding]:
    context = ProbeContext(python=python_on(cpu, sys.executable, folder), data_dir=folder)
    events = list(check(context, parts=PARTS))
    assert isinstance(events[-1], CheckFinished)
    return {f"{f.id} {f.subject}".strip(): f for f in events[-1].findings}


def test_numpy_dies_of_sigill_on_a_core_2_and_the_set_it_needed_is_named(tmp_path: Path) -> None:
    if not at_least(version("numpy"), "2.4"):
        pytest.skip("NumPy before 2.4 runs there")
    torch = torch_on("Conroe", tmp_path)
    assert isinstance(torch.version, Failed)
    assert torch.version.error.startswith("died of SIGILL (an instruction of SSE4")
    assert "/numpy/" in torch.version.error
    findings = findings_on("Conroe", tmp_path)
    need = findings["cpu-lacks-instructions NumPy"]
    assert need.verdict is Verdict.FAIL
    assert "the emulated CPU of this interpreter lacks" in need.headline
    assert findings["torch-import-crashes"].caused_by == "cpu-lacks-instructions"


@pytest.mark.parametrize("cpu", ["Opteron_G5", "Nehalem"])
def test_torch_works_without_avx2_and_without_avx(tmp_path: Path, cpu: str) -> None:
    torch = torch_on(cpu, tmp_path)
    assert isinstance(torch.version, Found)
    assert value_of(torch.cpu_capability) == "DEFAULT"
    stages = [s for s in value_of(torch.stages) or () if s.device == "cpu"]
    assert [s.error for s in stages] == [""] * 5
