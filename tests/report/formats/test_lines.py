import math

import msgspec

from rigcheck.bench.result import BenchRun, Block
from rigcheck.report.formats.lines import PANELS, Line, gpu_names, panel_lines
from tests.report.formats.samples import UUID, whole_report

RATES, SHARES, POWER, TEMPERATURES, CLOCKS = PANELS


def bench() -> BenchRun:
    run = whole_report().bench
    assert run is not None
    return run


def block(start_at_s: float, end_at_s: float, turn: int) -> Block:
    return Block(
        start_at_s=start_at_s, end_at_s=end_at_s, images=100, epoch=0, loss=None, turn=turn
    )


def rates_of(*blocks: Block) -> Line:
    run = bench()
    device = msgspec.structs.replace(run.devices[0], blocks=blocks)
    (line,) = panel_lines(msgspec.structs.replace(run, devices=(device,)), RATES, {})
    return line


def test_a_block_is_a_level_and_between_turns_is_a_gap() -> None:
    line = rates_of(block(0, 1, 0), block(1, 3, 0), block(8, 9, 1))
    assert list(line.times_s) == [0, 1, 1, 3, 8, 8, 9]
    told = [None if math.isnan(value) else value for value in line.values]
    assert told == [100, 100, 50, 50, None, 100, 100]


def test_a_block_without_duration_is_left_out() -> None:
    assert rates_of(block(0, 1, 0), block(1, 1, 0)).values == (100, 100)


def test_a_device_has_one_colour_in_every_panel() -> None:
    series = {
        line.label: line.series for panel in PANELS for line in panel_lines(bench(), panel, {})
    }
    assert series == {"CPU (as found)": 0, "GPU 0 (NVIDIA GeForce GTX 960)": 1}


def test_a_gap_of_a_gpu_stays_a_gap_and_a_dear_meter_of_the_cpu_has_none() -> None:
    samples = tuple(
        msgspec.structs.replace(sample, cpu_temperature_c=50.0 if i % 5 == 0 else None)
        for i, sample in enumerate(bench().samples)
    )
    cpu, gpu = panel_lines(msgspec.structs.replace(bench(), samples=samples), TEMPERATURES, {})
    assert cpu.times_s == (0.0, 5.0, 10.0)
    assert math.isnan(gpu.values[5])
    assert not math.isnan(gpu.values[4])


def test_a_gpu_that_was_watched_and_not_trained_on_has_a_line_of_its_own() -> None:
    only_cpu = msgspec.structs.replace(bench(), devices=bench().devices[:1])
    (line,) = panel_lines(only_cpu, POWER, gpu_names(whole_report().rig))
    assert line.label == "GPU 0 (NVIDIA GeForce GTX 960)"
    assert line.series > 0
    (unnamed,) = panel_lines(only_cpu, POWER, {})
    assert unnamed.label == UUID


def test_what_nobody_could_measure_has_no_line() -> None:
    assert panel_lines(msgspec.structs.replace(bench(), samples=()), SHARES, {}) == []


def test_points_that_stand_alone_are_marked() -> None:
    nan = math.nan
    alone = Line(label="", series=0, times_s=(0, 1, 2, 3), values=(1, nan, 2, nan))
    joined = Line(label="", series=0, times_s=(0, 1, 2, 3), values=(1, 1, 2, 2))
    assert alone.is_sparse
    assert not joined.is_sparse
