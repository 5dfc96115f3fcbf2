"""The table of Xids."""

from rigcheck.knowledge import xids


def test_each_number_is_there_once_and_says_something() -> None:
    codes = [row.code for row in xids.table().xid]
    assert sorted(set(codes)) == sorted(codes)
    assert all(row.text for row in xids.table().xid)


def test_every_token_has_words_or_is_a_list_of_them() -> None:
    tokens = {row.immediate for row in xids.table().xid if row.immediate}
    assert {token for token in tokens if not xids.plain(token)} == set()


def test_a_row_of_nvidias_text_alone_has_weight_and_advice_by_nvidias_token() -> None:
    copy_engine, illegal = xids.xid_of(39), xids.xid_of(66)
    assert copy_engine is not None
    assert (copy_engine.weight, copy_engine.advice) == ("warn", "restart the program")
    assert illegal is not None
    assert illegal.weight == "info"


def test_our_own_weighing_comes_first() -> None:
    pages = xids.xid_of(92)
    assert pages is not None
    assert (pages.immediate, pages.weight) == ("IGNORE", "warn")


def test_a_number_that_nobody_published_is_not_known() -> None:
    assert xids.xid_of(9999) is None
