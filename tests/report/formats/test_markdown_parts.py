import html
import re

import pytest
from markdown_it import MarkdownIt

from rigcheck.report.formats.markdown_parts import escaped, fenced

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown_inline(text: str) -> str:
    page = str(RENDERER.renderInline(escaped(text)))
    assert not re.search(r"<(?!!-- -->)", page), page
    return html.unescape(page.replace("<!-- -->", ""))


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


BLOCK_STARTS = (
    "# x", "#", "## x ##", "- x", "-", "---", "- - -", "-x", "+ x", "+", "* x", "***", "___", "=",
    "===", "1. x", "1.", "1) x", "12)", "123456789. x", "> x", ">", "~~~", "```sh", "    indented",
    "\tindented", "  - x", "| a |", ":-:", "[x]: y", "<div>", "<!-- x", "\n", "\n\n# x", " ", "",
)  # fmt: skip


@pytest.mark.parametrize("text", BLOCK_STARTS)
@pytest.mark.parametrize(
    ("before", "page"),
    [
        ("", "<p>{}</p>\n"),
        ("- ", "<ul>\n<li>{}</li>\n</ul>\n"),
        ("### ", "<h3>{}</h3>\n"),
        ("- a\n  - why: ", "<ul>\n<li>a\n<ul>\n<li>why: {}</li>\n</ul>\n</li>\n</ul>\n"),
    ],
    ids=["paragraph", "item", "heading", "inner-item"],
)
def test_foreign_text_begins_no_block(text: str, before: str, page: str) -> None:
    told = RENDERER.render(before + escaped(text)).replace("<!-- -->", "")
    shown = html.escape(text.strip())
    expected = page.format(shown).replace("<p></p>\n", "").replace("why: <", "why:<")
    assert told == expected


@pytest.mark.parametrize("text", ["2.15.0", "1.x", "3 GPUs", "-38 %", "x86-64", "1234567890. x"])
def test_numbers_show_as_they_are(text: str) -> None:
    assert shown_inline(text) == text


def test_an_issue_s_number_at_the_beginning_is_neither_a_heading_nor_a_link() -> None:
    assert escaped("#12 is back") == "#<!-- -->12 is back"
    assert "<h1>" not in RENDERER.render(escaped("#12 is back"))


def test_nobody_is_mentioned_and_no_issue_linked() -> None:
    assert "@<!-- -->torvalds" in escaped("thanks @torvalds")
    assert "#<!-- -->12" in escaped("fixes #12")
    assert "://" not in escaped("https://example.org")


def test_commands_with_backticks_cannot_leave_their_fence() -> None:
    source = "\n".join(fenced(("echo ```", "```", "# heading")))
    (token,) = [t for t in RENDERER.parse(source) if t.type == "fence"]
    assert token.content == "echo ```\n```\n# heading\n"
