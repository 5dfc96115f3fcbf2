"""Imports without the garbage collector leave it as they found it."""

import gc
from collections.abc import Iterator

import pytest

from rigcheck.target.big_import import big_import


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_nothing_is_collected_meanwhile_and_all_is_afterwards() -> None:
    with big_import():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_is_there_then_is_not_looked_through_again() -> None:
    before = gc.get_freeze_count()
    with big_import():
        made: list[list[int]] = [[] for _ in range(1_000)]
    assert gc.get_freeze_count() >= before + len(made)


def test_an_import_that_fails_leaves_it_on() -> None:
    with pytest.raises(ModuleNotFoundError), big_import():
        raise ModuleNotFoundError("no module named so")
    assert gc.isenabled()


def test_who_had_switched_it_off_finds_it_off() -> None:
    gc.disable()
    with big_import():
        pass
    assert not gc.isenabled()
