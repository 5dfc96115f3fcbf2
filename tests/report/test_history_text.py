from rigcheck.report.head import head_of
from rigcheck.report.history import History, Skipped, StoredRun, UnfinishedRun
from rigcheck.report.history_text import history_text, skipped_text
from rigcheck.report.layout import Style
from rigcheck.report.report import Report
from tests.report.kept import SLOW_LINK, on_host, rate, report, trained

PRETTY = Style(symbols=True)


def stored(id_: str, content: Report) -> StoredRun:
    return StoredRun(id=id_, path=f"/x/{id_}.json", size_bytes=1, head=head_of(content))


def test_a_line_a_run_with_what_one_looks_for() -> None:
    bench = report(trained("CPU"), trained("GPU 0", rate(160_000)), findings=(SLOW_LINK,))
    text = history_text(History(runs=(stored("bbcc", report()), stored("k7f3q9m2", bench))), PRETTY)
    check_line, bench_line = text.splitlines()
    assert check_line == (
        "bbcc      2026-11-23 03:56  check  rig · nothing wrong · driver 580.95.05 · "
        "torch 2.15.0+cu132"
    )
    assert bench_line == (
        "k7f3q9m2  2026-11-23 03:56  bench  rig · 1 warn (pcie-link-degraded) · "
        "CPU 16.0 k images/s · GPU 0 160 k images/s · driver 580.95.05 · torch 2.15.0+cu132"
    )


def test_what_lasts_and_what_broke_off_is_told() -> None:
    runs = tuple(
        UnfinishedRun(id=id_, path="", started_at="20261123T035605Z", is_running=is_running)
        for id_, is_running in (("bbbb", True), ("cccc", False))
    )
    assert history_text(History(unfinished=runs), PRETTY).splitlines() == [
        "bbbb  began 20261123T035605Z, is running",
        "cccc  began 20261123T035605Z, broke off",
    ]


def test_an_empty_list_says_so() -> None:
    assert history_text(History(), PRETTY).startswith("no run is kept yet: `rigcheck bench` keeps")
    filtered = history_text(History(), PRETTY, is_filtered=True)
    assert filtered == "no run that answers this is kept\n"


def test_foreign_text_does_nothing_to_a_terminal() -> None:
    text = history_text(History(runs=(stored("b", report(facts=on_host("\x1b[2J"))),)), PRETTY)
    assert "\x1b" not in text


def test_what_was_skipped_is_named_once() -> None:
    skipped = (Skipped(name="a.txt", why="not a run"), Skipped(name="b", why="b is damaged"))
    assert list(skipped_text(skipped)) == ["a.txt: not a run", "b is damaged"]
