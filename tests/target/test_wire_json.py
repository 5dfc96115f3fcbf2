"""Held against the module json, which is the judge of what JSON is."""

import enum
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rigcheck.target.wire_json import encode

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # A file's name may be no UTF-8: its bytes come as surrogates.
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class Number(enum.IntEnum):
    ONE = 1


@given(VALUES)
def test_whatever_is_sent_is_read_as_it_was(value: Any) -> None:
    text = encode(value)
    assert json.loads(text) == value
    assert text.isascii()
    assert "\n" not in text


def test_what_json_has_no_number_for_is_null_wherever_it_stands() -> None:
    sent = {"a": math.nan, "b": [math.inf, -math.inf, 1.5]}
    assert json.loads(encode(sent)) == {"a": None, "b": [None, None, 1.5]}


def test_a_tuple_is_a_list_and_an_enumerations_number_a_number() -> None:
    assert json.loads(encode((Number.ONE, True))) == [1, True]


@pytest.mark.parametrize("value", [b"bytes", {1: "a number as a key"}, object()])
def test_what_json_has_not_is_an_error(value: Any) -> None:
    with pytest.raises(TypeError):
        encode(value)
