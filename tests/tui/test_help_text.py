from rigcheck.tui.help_text import sections


def test_every_word_has_a_meaning() -> None:
    told = sections()
    assert len(told) == 5
    assert all(word and meaning for _, entries in told for word, meaning in entries)


def test_a_meaning_may_take_several_lines() -> None:
    figures = dict(sections()[-1][1])
    assert figures["GPU busy"].startswith("share of time in which at least one kernel was running")
    assert figures["GPU busy"].endswith("gives it, too")
