import msgspec
import pytest

from rigcheck.findings import Evidence, Finding, Remedy, Verdict
from rigcheck.tui.check_model import CheckModel, Group
from rigcheck.tui.detail import detail
from tests.tui.streams import FOLLOWS, INSTALL, NO_CODE, SHM_FINE, check_events


def group(part: str, *findings: Finding) -> Group:
    model = CheckModel()
    for event in check_events(findings=findings):
        model.take(event)
    return next(g for g in model.groups() if g.part == part)


def text(shown: Group, n_columns: int = 100) -> str:
    return "\n".join(line.rstrip() for line in detail(shown, n_columns).plain.split("\n"))


def test_a_finding_is_told_with_evidence_remedy_proof_and_link() -> None:
    lines = text(group("torch", NO_CODE))
    assert lines.startswith(
        "✗ fail GPU 0 cannot run this torch: its wheel has no code for sm_52\n"
        "  gpu-arch-not-in-wheel\n"
        "  seen  GPU 0 has compute capability 5.2  NVML, 0000:01:00.0\n"
        "  mend  Install the last torch with code for this GPU\n"
        f"        {INSTALL}\n"
        "  then  rigcheck check --only torch\n"
        "  why   The installed torch has no code that this GPU can run"
    )
    assert "  read  https://example.org/wheels\n" in lines


def test_a_consequence_names_its_cause_and_has_no_remedy_of_its_own() -> None:
    follows = msgspec.structs.replace(FOLLOWS, remedy=Remedy(text="Do something else"))
    lines = text(group("torch", NO_CODE, follows))
    assert "gpu-call-fails, follows from gpu-arch-not-in-wheel" in lines
    assert "Do something else" not in lines


def test_what_passed_is_one_line_and_its_evidence_is_not_told() -> None:
    fine = msgspec.structs.replace(SHM_FINE, evidence=(Evidence("10 GiB free", "statvfs"),))
    lines = text(group("memory", fine))
    assert lines.startswith("✓ shared memory is large enough\n\nfacts, read in 0.25 s\n")
    assert "statvfs" not in lines


def test_facts_come_with_their_sources_and_lacks_with_their_reasons() -> None:
    lines = text(group("memory"))
    assert "total  20.0 GiB  /proc/meminfo" in lines
    assert "limit  no permission  /sys/fs/cgroup/memory.max" in lines


def test_the_worst_comes_first() -> None:
    warned = msgspec.structs.replace(NO_CODE, id="w", verdict=Verdict.WARN, headline="second")
    lines = text(group("torch", SHM_FINE, warned, NO_CODE))
    assert lines.index("GPU 0 cannot run") < lines.index("second")


@pytest.mark.parametrize("n_columns", [8, 20, 44, 100])
def test_no_line_is_wider_than_the_pane(n_columns: int) -> None:
    shown = detail(group("torch", NO_CODE, FOLLOWS), n_columns)
    assert all(line.cell_length <= n_columns for line in shown.split("\n"))
