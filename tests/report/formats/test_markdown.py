import re

import msgspec
from markdown_it import MarkdownIt

from rigcheck.report.formats.markdown import markdown
from tests.report.formats.samples import shared, whole_report

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def test_a_device_that_failed_says_why_and_what_mends_it() -> None:
    page = RENDERER.render(markdown(whole_report("- bad")))
    assert "<li>why: - bad</li>" in page
    assert "<li>mend: - bad</li>" in page


def test_an_error_of_a_single_line_break_makes_no_heading() -> None:
    page = RENDERER.render(markdown(whole_report("\n")))
    assert set(re.findall("<h[1-6]", page)) == {"<h3"}


def test_the_root_cause_leads_and_its_remedy_is_in_a_fence() -> None:
    source = markdown(shared(whole_report()))
    assert source.splitlines()[2].startswith("### ❌ the driver is too old")
    fences = [token.content for token in RENDERER.parse(source) if token.type == "fence"]
    assert fences[0].splitlines()[1] == "sudo apt-get install x"
    assert "Removed before sharing: host names" in source


def test_findings_are_a_table_and_facts_are_folded() -> None:
    source = markdown(whole_report())
    page = RENDERER.render(source)
    assert page.count("<details>") == page.count("</details>") == 3
    rows = [row for row in page.split("<tr>") if "cuda-does-not-start" in row]
    assert len(rows) == 1
    assert "driver-older-than-cuda" in rows[0]
    assert "disk-full" not in page


def test_hostile_text_makes_no_tag_anywhere() -> None:
    hostile = "</details></sub>|`*@me #1 <script>alert(1)</script>"
    page = RENDERER.render(markdown(whole_report(hostile)))
    calm = RENDERER.render(markdown(whole_report("calm")))
    tags = re.compile(r"<[/a-z][^>]*>")
    assert tags.findall(page) == tags.findall(calm)


def test_it_is_short_where_nothing_is_wrong() -> None:
    quiet = msgspec.structs.replace(whole_report(), findings=(), bench=None)
    source = markdown(quiet)
    assert "### Nothing is wrong that rigcheck knows of" in source
    assert "LeNet" not in source
