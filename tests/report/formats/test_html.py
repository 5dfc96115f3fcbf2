import functools
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from rigcheck.report.formats.html import html
from tests.report.formats.browser import Browser, browser
from tests.report.formats.samples import shared, whole_report

HOSTILE = (
    "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>\x1b[2J\u202e"
)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@functools.cache
def written(foreign: str = "as found", name: str = "NVIDIA GeForce GTX 960") -> str:
    pytest.importorskip("matplotlib")
    return html(shared(whole_report(foreign, name)))


def page(tmp_path: Path, *texts: str) -> Path:
    path = tmp_path / "report.html"
    path.write_text(written(*texts), "utf-8")
    return path


@pytest.mark.parametrize(
    ("scheme", "media"), [("light", "screen"), ("dark", "screen"), ("light", "print")]
)
def test_the_page_opens_without_a_complaint_or_a_request(
    chromium: Browser, tmp_path: Path, scheme: str, media: str
) -> None:
    path = page(tmp_path)
    chromium.open(path, scheme=scheme, media=media)
    assert chromium.complaints() == []
    assert chromium.requests() == [path.as_uri()]
    assert chromium.picture()[:4] == b"\x89PNG"


def test_the_plots_are_there_and_have_size_and_lines(chromium: Browser, tmp_path: Path) -> None:
    chromium.open(page(tmp_path))
    bars, over_time = chromium.value(
        "[...document.querySelectorAll('figure svg')].map(s => [s.getBoundingClientRect().width,"
        " s.getBoundingClientRect().height, s.querySelectorAll('path').length])"
    )
    assert min(*bars[:2], *over_time[:2]) > 50
    assert over_time[2] > 10
    words = chromium.value("document.querySelector('#time svg').textContent")
    for word in ("images/s", "utilization", "power", "temperature", "clock", "GTX 960"):
        assert word in words


def test_dark_and_light_differ_in_paper_and_in_the_plots_ink(
    chromium: Browser, tmp_path: Path
) -> None:
    looks = []
    for scheme in ("light", "dark"):
        chromium.open(page(tmp_path), scheme=scheme)
        looks.append(
            chromium.value(
                "[getComputedStyle(document.body).backgroundColor,"
                " getComputedStyle(document.querySelector('#time svg text')).fill]"
            )
        )
    light, dark = looks
    assert light[0] != dark[0]
    assert light[1] != dark[1]


def test_a_button_beside_each_command_copies_or_selects_it(
    chromium: Browser, tmp_path: Path
) -> None:
    chromium.open(page(tmp_path))
    assert chromium.value("document.querySelectorAll('.commands button').length") == 2
    chromium.value("document.querySelector('.commands button').click()")
    told = chromium.call(
        "Runtime.evaluate",
        expression="new Promise(r => setTimeout(() => r(document.querySelector("
        "'.commands button').textContent), 50))",
        awaitPromise=True,
    )
    assert told["result"]["value"] in ("Copied", "Selected")


def test_hostile_text_shows_as_text_in_the_browser(chromium: Browser, tmp_path: Path) -> None:
    chromium.open(page(tmp_path, HOSTILE, HOSTILE))
    assert chromium.complaints() == []
    assert "owned" not in chromium.value("document.title").partition("<")[0]
    assert chromium.value("document.querySelectorAll('script').length") == 1
    assert chromium.value("document.querySelectorAll('img, iframe, object').length") == 0
    shown = chromium.value("document.body.textContent")
    assert "</script><script>document.title='owned'</script>" in shown
    assert "\\x1b[2J\\u202e" in shown


def test_a_script_that_were_smuggled_in_would_not_run(chromium: Browser, tmp_path: Path) -> None:
    path = page(tmp_path)
    smuggled = "<script>document.title='owned'</script>"
    path.write_text(path.read_text("utf-8").replace("<header>", f"{smuggled}<header>"), "utf-8")
    chromium.open(path)
    assert chromium.value("document.title") != "owned"


class Balance(HTMLParser):
    """Elements that were not closed in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open.pop() != tag:
            self.faults.append(tag)


@pytest.mark.parametrize("foreign", ["calm", HOSTILE, "$x^2$ \\frac", "a\nb\x00c"])
def test_every_element_is_closed_whatever_a_name_holds(foreign: str) -> None:
    balance = Balance()
    balance.feed(written(foreign, foreign))
    assert (balance.open, balance.faults) == ([], [])


def test_ids_are_of_one_element_each() -> None:
    ids = re.findall(r'\bid="([^"]*)"', written())
    assert sorted(ids) == sorted(set(ids))


def test_without_matplotlib_the_page_says_so_and_keeps_its_tables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    told = html(whole_report())
    assert "pip install &#x27;rigcheck[plots]&#x27;" in told
    assert "<svg" not in told
    assert "16.4 k images/s" in told


def test_the_remedy_the_facts_sources_and_definitions_are_told() -> None:
    told = written()
    assert "sudo apt-get install x" in told
    assert '<span class="source">/etc/os-release</span>' in told
    assert "What the words mean" in told
    assert "Removed before sharing: host names" in told


def test_a_device_that_failed_says_why_and_what_mends_it() -> None:
    report = whole_report()
    assert report.bench is not None
    (cpu, gpu) = report.bench.devices
    failed = msgspec.structs.replace(gpu, error="out of memory", hint="close other programs")
    hinted = msgspec.structs.replace(cpu, error="", hint="set 4 threads")
    bench = msgspec.structs.replace(report.bench, devices=(hinted, failed), samples=())
    told = html(msgspec.structs.replace(report, bench=bench))
    assert "<p><strong>Why: </strong>out of memory</p>" in told
    assert "<p><strong>What mends it: </strong>close other programs</p>" in told
    assert "<p><strong>What mends it: </strong>set 4 threads</p>" in told


def test_a_report_without_a_benchmark_has_no_part_for_one() -> None:
    told = html(msgspec.structs.replace(whole_report(), bench=None))
    assert "LeNet on each device" not in told
    assert "<svg" not in told


def test_a_link_that_is_no_web_address_is_text() -> None:
    assert "<a " not in html(whole_report("javascript:alert(1)"))
