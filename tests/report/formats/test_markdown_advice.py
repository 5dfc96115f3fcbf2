import msgspec
from markdown_it import MarkdownIt

from rigcheck.facts import Rig
from rigcheck.report.formats import Format, render
from rigcheck.report.formats.markdown_parts import escaped
from rigcheck.report.report import Report
from tests.report.formats.samples import advised_report, shared

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def told(report: Report) -> str:
    return render(report, Format.MARKDOWN, is_redacted=False)


def test_each_topic_has_one_heading_and_its_commands_a_fence() -> None:
    source = told(advised_report())
    headings = [line for line in source.splitlines() if line.startswith("#")]
    assert headings == [
        "### driver",
        "### PyTorch",
        "### CPU",
        "### as found",
        "### memory of GPU 0, GPU 1: 4.0 GiB each",
    ]
    (fence,) = [token for token in RENDERER.parse(source) if token.type == "fence"]
    assert fence.content.splitlines() == ["as found", "pip install torch", "as found"]


def test_sources_are_named_and_those_of_the_web_are_links() -> None:
    assert "From: as found, <https://example.org/driver>" in told(advised_report())


def test_what_has_room_is_a_table_with_its_arithmetic() -> None:
    source = told(advised_report())
    assert "| LeNet | 1.0 GiB | fits |" in source
    assert "| as found | 9.0 GiB | too large |" in source
    assert source.count("Calculated:") == 1


def test_the_machine_is_named_above_and_its_facts_are_folded_below() -> None:
    report = advised_report("Debian GNU/Linux 12")
    lines = told(report).splitlines()
    assert lines[0].startswith("**rigcheck")
    assert escaped("Debian GNU/Linux 12") in lines[0]
    assert "<details><summary>Facts</summary>" in lines


def test_findings_are_another_report_s() -> None:
    assert "driver-older-than-cuda" not in told(advised_report())


def test_it_says_what_was_removed() -> None:
    last = told(shared(advised_report())).splitlines()[-1]
    assert last == "<sub>Removed before sharing: host names</sub>"


def test_a_machine_of_which_nothing_is_known_breaks_nothing() -> None:
    assert told(msgspec.structs.replace(advised_report(), rig=Rig(), probes=())).count("###") == 5
