import re

import msgspec
import pytest
from markdown_it import MarkdownIt

from rigcheck.report.formats.markdown import escaped, fenced, markdown
from tests.report.formats.samples import shared, whole_report

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown_inline(text: str) -> str:
    html = str(RENDERER.renderInline(escaped(text)))
    assert not re.search(r"<(?!!-- -->)", html), html
    return (
        html.replace("<!-- -->", "")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&amp;", "&")
    )


@pytest.mark.parametrize(
    "text",
    [
        "*bold* _thin_ `code` ~~gone~~ snake_case __init__",
        "[link](https://example.org) ![image](https://example.org/x.png) <https://example.org>",
        "<img src=x onerror=alert(1)> </details> <!-- never closed",
        "a | b || c",
        "&lt; &#60; \\* \\",
        "$x^2$ :smile: www.example.org",
    ],
)
def test_markup_in_foreign_text_shows_as_it_was_written(text: str) -> None:
    assert shown_inline(text) == text


def test_nobody_is_mentioned_and_no_issue_linked() -> None:
    assert "@<!-- -->torvalds" in escaped("thanks @torvalds")
    assert "#<!-- -->12" in escaped("fixes #12")
    assert "://" not in escaped("https://example.org")


def test_commands_with_backticks_cannot_leave_their_fence() -> None:
    source = "\n".join(fenced(("echo ```", "```", "# heading")))
    (token,) = [t for t in RENDERER.parse(source) if t.type == "fence"]
    assert token.content == "echo ```\n```\n# heading\n"


def test_the_root_cause_leads_and_its_remedy_is_in_a_fence() -> None:
    source = markdown(shared(whole_report()))
    assert source.splitlines()[2].startswith("### ❌ the driver is too old")
    fences = [token.content for token in RENDERER.parse(source) if token.type == "fence"]
    assert fences[0].splitlines()[1] == "sudo apt-get install x"
    assert "Removed before sharing: host names" in source


def test_findings_are_a_table_and_facts_are_folded() -> None:
    source = markdown(whole_report())
    html = RENDERER.render(source)
    assert html.count("<details>") == html.count("</details>") == 3
    rows = [row for row in html.split("<tr>") if "cuda-does-not-start" in row]
    assert len(rows) == 1
    assert "driver-older-than-cuda" in rows[0]
    assert "disk-full" not in html


def test_hostile_text_makes_no_tag_anywhere() -> None:
    hostile = "</details></sub>|`*@me #1 <script>alert(1)</script>"
    html = RENDERER.render(markdown(whole_report(hostile)))
    calm = RENDERER.render(markdown(whole_report("calm")))
    tags = re.compile(r"<[/a-z][^>]*>")
    assert tags.findall(html) == tags.findall(calm)


def test_it_is_short_where_nothing_is_wrong() -> None:
    quiet = msgspec.structs.replace(whole_report(), findings=(), bench=None)
    source = markdown(quiet)
    assert "### Nothing is wrong that rigcheck knows of" in source
    assert "LeNet" not in source
