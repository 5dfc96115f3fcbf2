"""The rules in words, and the page made of them."""

import re
from pathlib import Path

import pytest

from rigcheck.errors import UsageError
from rigcheck.rules.describe import DESCRIBED, page, rule_text, rules_text
from rigcheck.rules.mending import MENDING
from rigcheck.rules.registry import RULES
from rigcheck.rules.under_load import LOAD_RULES

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_page_in_the_documentation_is_the_one_the_rules_give() -> None:
    assert PAGE.read_text() == page(), "python -m rigcheck.rules.describe > docs/rules.md"


def test_every_rule_says_how_it_is_mended_and_nothing_else_does() -> None:
    assert set(MENDING) == {rule.id for rule in DESCRIBED}
    assert all(text.endswith((".", "`.")) for text in MENDING.values())


def test_the_list_has_one_line_a_rule() -> None:
    lines = rules_text().splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in DESCRIBED]


@pytest.mark.parametrize("id_", [rule.id for rule in DESCRIBED])
def test_a_rule_tells_what_it_means_how_it_is_mended_and_its_source(id_: str) -> None:
    text = rule_text(id_)
    assert text.startswith(id_)
    assert "To mend it: " in text
    assert "Source: https://" in text


def test_what_only_load_shows_is_described_beside_what_rest_shows() -> None:
    load_only = {rule.id for rule in LOAD_RULES} - {rule.id for rule in RULES}
    assert load_only == {"fan-stopped-hot", "pcie-link-degraded"}
    assert "Judged from: host, pci, nvml, benchmark" in rule_text("fan-stopped-hot")


def test_an_id_that_is_not_there_is_answered_with_what_is_near() -> None:
    with pytest.raises(UsageError) as caught:
        rule_text("cudnn")
    assert "cudnn-not-found" in caught.value.hint
    with pytest.raises(UsageError) as caught:
        rule_text("cuda-visible")
    assert caught.value.hint == (
        "did you mean cuda-visible-devices or cuda-visible-devices-set-too-late?"
    )
    with pytest.raises(UsageError) as caught:
        rule_text("cudnn-not")
    assert caught.value.hint == "did you mean cudnn-not-found?"
    with pytest.raises(UsageError) as caught:
        rule_text("driver")
    assert re.fullmatch(r"did you mean [a-z-]+, [a-z-]+ or [a-z-]+\?", caught.value.hint)
    with pytest.raises(UsageError) as caught:
        rule_text("")
    assert caught.value.hint == "rigcheck rules lists them"
