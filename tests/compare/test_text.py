import msgspec

from rigcheck.compare.compare import compare
from rigcheck.compare.text import comparison_text
from rigcheck.facts import Failed, Host
from rigcheck.report.layout import Style
from tests.compare.test_speeds import on_link
from tests.compare.test_tables import of_2017
from tests.report.kept import DIGITS, report, rig, trained
from tests.rules.rigs import found

PRETTY = Style(symbols=True, width=100)
BEFORE, AFTER = on_link(16, "570.86.10", 160_000), on_link(4, "580.95.05", 99_200)
CAUSE = "driver 570.86.10 → 580.95.05, torch the same, GPU 0 -38 %: its link is now x4"


def test_the_likely_cause_comes_before_the_figures() -> None:
    lines = comparison_text(compare([("k7f3", BEFORE), ("last", AFTER)]), PRETTY).splitlines()
    assert lines[0] == (
        "A  k7f3  2026-11-23 03:56  rig · Ubuntu 24.04.3 LTS · driver 570.86.10 · "
        "torch 2.15.0+cu132"
    )
    assert lines[3:8] == [
        "A to B, the same machine",
        f"  {CAUSE} (in-memory)",
        "    seen  link under load: PCIe 4 x16 → PCIe 4 x4",
        "    seen  driver: 570.86.10 → 580.95.05",
        "  GPU 0 in-memory  160 k → 99.2 k images/s (98.2 k–100 k)  0.62× (0.608–0.633)  slower",
    ]
    assert "    nvml driver version  570.86.10 → 580.95.05" in lines


def test_three_machines_of_2017_have_bars_that_tell_their_speeds() -> None:
    text = comparison_text(of_2017(("GTX 960", 250.0)), PRETTY)
    (fastest, middle, slowest) = [line for line in text.splitlines() if "█" in line]
    assert "6× · 120 images/J · 48 images/s by price" in fastest
    assert [line.count("█") for line in (fastest, middle, slowest)] == [24, 10, 4]
    assert len({line.index("█") for line in (fastest, middle, slowest)}) == 1


def test_without_symbols_it_is_all_ascii() -> None:
    text = comparison_text(compare([("a", BEFORE), ("b", AFTER)]), Style())
    assert text.isascii()
    assert "#" * 24 in text
    assert "570.86.10 -> 580.95.05" in text


def test_what_does_not_compare_is_said() -> None:
    digits = report(trained("CPU", data=DIGITS))
    text = comparison_text(compare([("a", report(trained("CPU"))), ("b", digits)]), PRETTY)
    assert "note: in-memory: MNIST at batch 100 and built-in digits at batch 100" in text
    assert "does not compare (MNIST before, built-in digits after)" in text
    assert "no real difference" not in text


def test_foreign_names_do_nothing_to_a_terminal() -> None:
    bad = "\x1b]0;gone\x07<b>"
    facts = rig(host=Host(hostname=found(bad), distribution=found(bad)))
    hostile = report(trained("CPU", name=bad), facts=facts)
    text = comparison_text(compare([(bad, hostile), ("b", report(trained("CPU")))]), PRETTY)
    assert "\x1b" not in text
    assert "\x07" not in text


def test_equal_runs_say_that_nothing_differs() -> None:
    whole = report(trained("CPU"))
    text = comparison_text(compare([("a", whole), ("b", msgspec.structs.replace(whole))]), PRETTY)
    assert "nothing else differs" in text
    assert "no real difference" in text


def test_what_one_run_could_not_read_is_told_apart_from_what_changed() -> None:
    whole = rig()
    why = Failed("timed out after 60 s", "child")
    fields = ("version", "cuda_built_version", "cudnn_version", "blas", "threads")
    known = rig(torch=msgspec.structs.replace(whole.torch, **dict.fromkeys(fields, found("1"))))
    broken = rig(torch=msgspec.structs.replace(whole.torch, **dict.fromkeys(fields, why)))
    runs = [("a", report(facts=known)), ("b", report(facts=broken))]
    text = comparison_text(compare(runs), PRETTY)
    assert text.splitlines()[4:7] == [
        "  nothing differs in what both runs tell of the machine",
        "  could not be read in B",
        "    torch version, built with CUDA, cuDNN version and 2 more: timed out after 60 s",
    ]
    assert "  could not be read in A" in comparison_text(compare(runs[::-1]), PRETTY)
