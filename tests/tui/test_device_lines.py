import msgspec
import pytest

from rigcheck.bench import events
from rigcheck.bench.conclusions import Bottleneck, BottleneckKind
from rigcheck.bench.tier import Tier
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.device_lines import Columns, device_lines, header
from tests.tui.streams import bench_events, block, device, device_run, plan


def model(n_gpus: int = 1) -> BenchModel:
    made = BenchModel(plan(n_gpus))
    for event in bench_events(plan(n_gpus)):
        made.take(event)
    return made


def lines(of: BenchModel, n_columns: int, chosen: str = "cpu") -> list[str]:
    columns = Columns.fitting(of, n_columns)
    return [line.plain for _, line in device_lines(of, chosen, columns, n_columns)]


@pytest.mark.parametrize("n_columns", [40, 44, 64, 79, 80, 120, 200])
def test_a_line_fits_and_has_the_rate_and_how_it_ended(n_columns: int) -> None:
    of = model()
    for line in (*lines(of, n_columns), header(Columns.fitting(of, n_columns)).plain):
        assert len(line.rstrip()) <= n_columns
    cpu, gpu = lines(of, n_columns)
    assert "16.4 k" in cpu
    assert "101 k" in gpu
    assert "✓ done" in cpu


def test_with_room_the_interval_is_told_by_its_ends_and_the_name_in_full() -> None:
    cpu, gpu = lines(model(), 120)
    assert "16.1 k – 16.7 k" in cpu
    assert "NVIDIA GeForce GTX 960" in gpu


def test_headers_stand_above_their_columns() -> None:
    of = model()
    head = header(Columns.fitting(of, 80)).plain
    cpu = lines(of, 80)[0]
    assert head.index("images/s") + len("images/s") == cpu.index("16.4 k") + len("16.4 k")
    assert head.index("loss") + len("loss") == cpu.index("0.500") + len("0.500")


def test_the_chosen_one_is_marked_by_a_sign() -> None:
    cpu, gpu = lines(model(), 80, chosen="cuda:0")
    assert (cpu[0], gpu[0]) == (" ", "▸")


def test_only_the_first_nine_have_keys() -> None:
    assert [line[1] for line in lines(model(n_gpus=9), 80)] == [*"123456789", " "]


def test_a_loss_that_is_no_number_is_said_in_words() -> None:
    of = BenchModel(plan(0))
    of.take(events.BlockMeasured(device=device().device, block=block(0, 100.0, None), progress=0.5))
    (line,) = lines(of, 80)
    assert "NaN" in line
    assert "▰▰▰▰▱▱▱▱" in line


def test_before_anything_is_measured_nothing_is_claimed() -> None:
    (line,) = lines(BenchModel(plan(0)), 80)
    assert line.split()[-2:] == ["▱▱▱▱▱▱▱▱", "waiting"]
    assert "0" not in line.replace("760K", "")


def test_with_room_every_form_has_its_rate_and_ratio() -> None:
    of = BenchModel(plan(0))
    for tier, images_per_s in ((Tier.IN_MEMORY, 16_000.0), (Tier.AS_WRITTEN, 4_000.0)):
        of.take(
            events.BlockMeasured(
                device="cpu", tier=tier, block=block(0, images_per_s), progress=0.5
            )
        )
    (wide,), (narrow,) = lines(of, 120), lines(of, 80)
    assert "16.0 k" in wide
    assert "4.00 k 0.25×" in wide
    assert "as-written" in header(Columns.fitting(of, 120)).plain
    assert "16.0 k" in narrow
    assert "4.00 k" not in narrow


def test_what_holds_it_back_is_named_where_there_is_room() -> None:
    of = BenchModel(plan(0))
    limit = Bottleneck(device="cpu", kind=BottleneckKind.LAUNCHES, sentence="they do")
    run = msgspec.structs.replace(device_run(device()), bottleneck=limit)
    of.take(events.DeviceFinished(run=run))
    assert lines(of, 140)[0].rstrip().endswith("✓ done: launches")
    assert lines(of, 80)[0].rstrip().endswith("✓ done")


def test_a_stage_too_long_for_its_column_names_the_form() -> None:
    of = BenchModel(plan(0))
    of.take(events.StageEntered(device="cpu", stage="training as-written"))
    assert lines(of, 80)[0].rstrip().endswith(" as-written")
    assert lines(of, 140)[0].rstrip().endswith("training as-written")


@pytest.mark.parametrize("n_columns", [8, 20])
def test_a_line_too_long_goes_on_in_the_next_which_is_of_the_same_device(n_columns: int) -> None:
    of = model()
    told = list(device_lines(of, "cpu", Columns.fitting(of, n_columns), n_columns))
    assert all(line.cell_length < n_columns for _, line in told)
    for device_name, rate in (("cpu", "16.4 k"), ("cuda:0", "101 k")):
        of_device = [line.plain for owner, line in told if owner == device_name]
        assert len(of_device) > 1
        assert rate.split()[0] in " ".join(of_device)
