import xml.etree.ElementTree as ET

import msgspec

from rigcheck.report.formats.junit import junit
from tests.report.formats.samples import whole_report


def test_each_finding_is_a_case_and_each_verdict_has_its_kind() -> None:
    suite = ET.fromstring(junit(whole_report()))[0]
    kinds = {case.attrib["name"].split()[0]: case[0].tag for case in suite}
    assert kinds == {
        "driver-older-than-cuda": "failure",
        "cuda-does-not-start": "failure",
        "shm-too-small": "system-out",
        "vbios-unknown": "error",
        "disk-full": "system-out",
        "wsl-driver": "skipped",
    }
    totals = {name: suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")}
    assert totals == {"tests": "6", "failures": "2", "errors": "1", "skipped": "1"}


def test_a_failure_tells_evidence_and_remedy_and_a_consequence_its_cause() -> None:
    first, second = ET.fromstring(junit(whole_report())).iter("failure")
    assert "  $ sudo apt-get install x" in (first.text or "").splitlines()
    assert "follows from driver-older-than-cuda" in (second.text or "")


def test_what_xml_cannot_hold_is_shown_in_words() -> None:
    hostile = "]]> <failure/> &amp; \x00\x1b\ufffe\ud800 é"
    suite = ET.fromstring(junit(whole_report(hostile)))
    message = suite.find("testsuite/testcase/failure")
    assert message is not None
    told = message.attrib["message"]
    assert told.endswith("]]> <failure/> &amp; \\x00\\x1b\\ufffe\\ud800 é")


def test_no_finding_is_an_empty_suite() -> None:
    suite = ET.fromstring(junit(msgspec.structs.replace(whole_report(), findings=())))[0]
    assert suite.attrib["tests"] == "0"
    assert len(suite) == 0
