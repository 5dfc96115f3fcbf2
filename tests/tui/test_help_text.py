from rigcheck.report.definitions import definition
from rigcheck.tui.help_text import sections
from rigcheck.tui.metrics import GPU_METERS, HOST_METERS


def test_every_word_has_a_meaning() -> None:
    told = sections()
    assert len(told) == 8
    assert all(word and meaning for _, entries in told for word, meaning in entries)


def test_no_field_is_left_in_braces() -> None:
    assert not any("{" in meaning for _, entries in sections() for _, meaning in entries)


def test_what_the_report_says_of_a_plotted_figure_is_what_the_help_says() -> None:
    meanings = [meaning for _, entries in sections() for _, meaning in entries]
    for meter in (*GPU_METERS, *HOST_METERS):
        assert any(definition(meter.field) in meaning for meaning in meanings)


def test_the_benchmark_comes_first_where_it_is_asked_for() -> None:
    first, *_ = sections(benchmark_first=True)
    assert first[0] == "Keys of the benchmark"
    assert {title for title, _ in sections()} == {t for t, _ in sections(benchmark_first=True)}


def test_a_meaning_may_take_several_lines() -> None:
    keys = dict(sections()[0][1])
    assert keys["c"].startswith("copy the remedy's commands to the clipboard")
    assert keys["c"].endswith("set-clipboard on)")
