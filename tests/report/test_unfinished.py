from pathlib import Path

import pytest

from rigcheck.bench.events import (
    BlockMeasured,
    DeviceFinished,
    DeviceStarted,
    GuestRefused,
    JoinChanged,
    SampleTaken,
)
from rigcheck.bench.plan import BenchDevice
from rigcheck.bench.result import Outcome
from rigcheck.bench.tier import Tier
from rigcheck.errors import RigcheckError, UsageError
from rigcheck.monitor.sample import Sample
from rigcheck.report.layout import Style
from rigcheck.report.runs import open_run
from rigcheck.report.store import RunFile
from rigcheck.report.text import report_text
from rigcheck.report.unfinished import read_unfinished
from tests.report.kept import report, trained

CPU = trained("CPU")


def lines_of(folder: Path) -> Path:
    """Two devices, of which the second was cut off in the middle."""
    run_file = RunFile(folder)
    run_file.begin(report())
    run_file.append(DeviceFinished(run=CPU))
    run_file.append(DeviceStarted(device="cuda:0", label="GPU 0", name="GeForce", identity="GPU-0"))
    for block in CPU.blocks:
        run_file.append(BlockMeasured(device="cuda:0", block=block, progress=0.1))
    run_file.append(
        BlockMeasured(device="cuda:0", tier=Tier.PEAK, block=CPU.blocks[0], progress=0.1)
    )
    run_file.append(SampleTaken(sample=Sample(time_s=0.5, cpu_percent=70.0)))
    (path,) = folder.glob("*.part.jsonl")
    return path


def test_what_was_measured_until_the_end_is_a_report(tmp_path: Path) -> None:
    path = lines_of(tmp_path)
    told = read_unfinished(path)
    assert told.interrupted
    assert told.bench is not None
    cpu, gpu = told.bench.devices
    assert cpu == CPU
    assert (gpu.outcome, gpu.label, len(gpu.blocks)) == (Outcome.CANCELLED, "GPU 0", 8)
    assert gpu.rate is not None
    assert gpu.rate.images_per_s == 16_000
    assert len(told.bench.samples) == 1
    assert "GPU 0  GeForce, 16.0 k images/s" in report_text(told, Style())


def test_a_device_that_joined_is_in_it_and_one_that_was_refused_is_not(tmp_path: Path) -> None:
    run_file = RunFile(tmp_path)
    run_file.begin(report())
    run_file.append(DeviceStarted(device="cpu", label="CPU", name="a CPU", identity=""))
    gpu = BenchDevice(device="cuda:0", label="GPU 0", name="GeForce", identity="GPU-0")
    run_file.append(GuestRefused(device=gpu, why="no room"))
    run_file.append(JoinChanged(device=gpu, is_joining=True, at_s=3.0))
    run_file.append(DeviceStarted(device="cuda:0", label="GPU 0", name="GeForce", identity="GPU-0"))
    run_file.append(JoinChanged(device=gpu, is_joining=False, at_s=9.0))
    refused = BenchDevice(device="cuda:1", label="GPU 1", name="GeForce", identity="GPU-1")
    run_file.append(GuestRefused(device=refused, why="no room"))
    (path,) = tmp_path.glob("*.part.jsonl")
    told = read_unfinished(path)
    assert run_file.problem == ""
    assert told.bench is not None
    assert [run.label for run in told.bench.devices] == ["CPU", "GPU 0"]


def test_it_is_opened_like_any_other_run(tmp_path: Path) -> None:
    path = lines_of(tmp_path)
    name, told = open_run(path.name.partition("-")[2][:8], tmp_path)
    assert told.interrupted
    assert name in path.name


def test_a_last_line_that_was_cut_off_costs_that_line(tmp_path: Path) -> None:
    path = lines_of(tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    told = read_unfinished(path)
    assert told.bench is not None
    assert told.bench.samples == ()
    assert len(told.bench.devices) == 2


@pytest.mark.parametrize("content", [b"", b"{}\n", b'{"event": "Checked", "report": 7}\n', b"\xff"])
def test_without_the_facts_there_is_no_report(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "20261122T080000Z-hhhh.part.jsonl"
    path.write_bytes(content)
    with pytest.raises(RigcheckError, match="broke off"):
        read_unfinished(path)


def test_a_file_that_is_gone_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_unfinished(tmp_path / "x.part.jsonl")
