import re

from rigcheck.report.formats import Format, render
from tests.report.formats.samples import advised_report, shared
from tests.report.formats.test_html import Balance


def written(foreign: str = "as found") -> str:
    return render(shared(advised_report(foreign)), Format.HTML, is_redacted=False)


def test_the_page_is_of_advice_and_not_of_findings() -> None:
    page = written()
    assert "<title>rigcheck: what to install here, and what it serves for</title>" in page
    assert "<h1>What to install here, and what it serves for</h1>" in page
    assert "driver-older-than-cuda" not in page


def test_each_topic_is_a_section_of_its_own() -> None:
    headings = re.findall("<h2>([^<]*)</h2>", written())
    assert headings == ["driver", "PyTorch", "CPU", "as found", "What has room", "Facts"]


def test_commands_can_be_copied_and_sources_followed() -> None:
    page = written()
    assert "<pre><code>as found\npip install torch</code></pre>" in page
    assert '<a href="https://example.org/driver" rel="noopener noreferrer">' in page


def test_what_has_room_is_a_table_with_its_arithmetic() -> None:
    page = written()
    assert "<h3>memory of GPU 0, GPU 1: 4.0 GiB each</h3>" in page
    assert "<td>LeNet</td><td>1.0 GiB</td><td>fits</td>" in page
    assert page.count("Calculated:") == 1


def test_facts_and_what_was_removed_are_told_below() -> None:
    page = written()
    assert '<span class="source">/etc/os-release</span>' in page
    assert "Removed before sharing: host names" in page


def test_every_element_is_closed_and_every_id_of_one_element() -> None:
    page = written("</section><b id='topic-1'>")
    balance = Balance()
    balance.feed(page)
    assert (balance.open, balance.faults) == ([], [])
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert sorted(ids) == sorted(set(ids))
