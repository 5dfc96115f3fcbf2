"""Whatever a name holds, it shows as text: in every format, for texts that nobody thought of."""

import json
import re
import unittest.mock
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from prometheus_client.parser import text_string_to_metric_families

from rigcheck.facts import Found
from rigcheck.report.formats import Format, render
from rigcheck.report.read import parse_report
from tests.report.formats.samples import advised_report, whole_report

NASTY = (
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--", "-->", "]]>",
    "\x1b[2J", "\x1b]0;owned\x07", "\x00", "\r", "\n", "\t", "\u202e", "\u200b", "\ufeff", "\ufffe",
    "\u2028", '=HYPERLINK("x")', "=cmd|' /C calc'!A0", "+1", "@SUM(1)", "@me", "#1", "|", "`",
    "```", "~~~", "$x$", "$$", "\\", "{{7*7}}", "${x}", "%s", "'", '"', "&lt;", "&#x3c;",
    "</details>",
    "[x](javascript:alert(1))", "![](https://x.example/x.png)", "https://x.example", "\U0001f5a5",
)  # fmt: skip
# What cannot be in a report that came as JSON (lone surrogates) is left to the tests of `plain`.
PIECES = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
)
HOSTILE = st.lists(PIECES, min_size=1, max_size=5).map("".join)
FEW = settings(
    max_examples=25,
    deadline=None,  # drawing is slow, and slower on a busy machine
    suppress_health_check=[HealthCheck.too_slow],
)
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def rendered(form: Format, text: str) -> str:
    return render(whole_report(text, text), form, is_redacted=False)


def advised(form: Format, text: str) -> str:
    return render(advised_report(text), form, is_redacted=False)


class Tags(HTMLParser):
    """What is markup in a page, and what is text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += [tag, *(name for name, _ in attrs if name.startswith("on") or name == "src")]

    def handle_comment(self, data: str) -> None:
        del data
        self.tags.append("comment")

    def handle_data(self, data: str) -> None:
        self.words += data


def check_page(page: str) -> None:
    assert not UNSEEN.search(page)
    tags = Tags(page)
    assert tags.tags.count("script") == 1
    assert not {"img", "comment", "src"} & set(tags.tags)
    assert not [tag for tag in tags.tags if tag.startswith("on")]


@FEW
@given(HOSTILE)
def test_in_html(text: str) -> None:
    with unittest.mock.patch.dict("sys.modules", {"matplotlib": None}):  # a second a drawing
        check_page(rendered(Format.HTML, text))


@FEW
@given(HOSTILE)
def test_in_advice_in_html(text: str) -> None:
    check_page(advised(Format.HTML, text))


def test_in_the_plots_of_the_page() -> None:
    pytest.importorskip("matplotlib")
    check_page(rendered(Format.HTML, " ".join(NASTY)))


def check_markdown(source: str) -> None:
    assert not UNSEEN.search(source)
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(source)
    # A link may lead anywhere, if it shows where it leads.
    page = re.sub(r'<a href="(https://[^"]*)">\1</a>', "", page)
    tags = set(re.findall(r"<([a-z][a-z0-9]*)", page))
    assert tags <= {
        "p", "strong", "h3", "ul", "li", "pre", "code", "table", "thead", "tbody", "tr", "th",
        "td", "details", "summary",
    }  # fmt: skip
    assert page.count("<code") == page.count("<pre"), "no text of others is code"
    assert set(re.findall(r"<!--.*?-->", page)) <= {"<!-- -->"}


@FEW
@given(HOSTILE)
def test_in_markdown(text: str) -> None:
    check_markdown(rendered(Format.MARKDOWN, text))


@FEW
@given(HOSTILE)
def test_in_advice_in_markdown(text: str) -> None:
    check_markdown(advised(Format.MARKDOWN, text))


@FEW
@given(HOSTILE)
def test_in_junit(text: str) -> None:
    told = rendered(Format.JUNIT, text)
    assert not UNSEEN.search(told)
    assert len(ET.fromstring(told)[0]) == 6


@FEW
@given(HOSTILE)
def test_in_prometheus(text: str) -> None:
    told = rendered(Format.PROMETHEUS, text)
    assert not UNSEEN.search(told)
    calm = rendered(Format.PROMETHEUS, "calm")
    families, usual = (list(text_string_to_metric_families(t)) for t in (told, calm))
    assert [f.name for f in families] == [f.name for f in usual]


@FEW
@given(HOSTILE)
def test_in_a_line_for_nagios(text: str) -> None:
    told = rendered(Format.NAGIOS, text)
    assert not UNSEEN.search(told)
    lines = told.splitlines()
    assert len(lines) == 5
    assert "".join(lines).count("|") == 1


@FEW
@given(HOSTILE)
def test_in_text(text: str) -> None:
    assert not UNSEEN.search(rendered(Format.TEXT, text))
    assert not UNSEEN.search(advised(Format.TEXT, text))


@FEW
@given(HOSTILE)
def test_in_json_it_comes_back_as_it_was(text: str) -> None:
    told = rendered(Format.JSON, text)
    json.loads(told)
    model = parse_report(told.encode(), "it").rig.cpu.model
    assert model == Found(text, text)


@FEW
@given(HOSTILE)
def test_redaction_bears_it_and_what_comes_out_is_a_report(text: str) -> None:
    told = render(whole_report(text, text), Format.JSON, is_redacted=True)
    shown = Found("<host>" if text else "", "uname")
    assert parse_report(told.encode(), "it").rig.host.hostname == shown


@pytest.mark.parametrize("form", list(Format))
def test_every_format_ends_its_last_line(form: Format) -> None:
    assert rendered(form, "calm").endswith("\n")
