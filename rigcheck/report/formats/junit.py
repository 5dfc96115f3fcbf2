"""JUnit's XML, as CI systems show it: a test case a finding.

https://github.com/testmoapp/junitxml: `fail` is a failure, `unknown` an error, for it could not be
told; `skip` is skipped. A warning passes, its text in the output: JUnit knows no more than that.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from rigcheck.findings import Finding, Verdict
from rigcheck.report.foreign import shown
from rigcheck.report.report import Report


def junit(report: Report) -> str:
    """The findings as a test suite, lines ended."""
    counts = {v: str(sum(f.verdict is v for f in report.findings)) for v in Verdict}
    suite = ET.Element(
        "testsuite",
        name="rigcheck",
        tests=str(len(report.findings)),
        failures=counts[Verdict.FAIL],
        errors=counts[Verdict.UNKNOWN],
        skipped=counts[Verdict.SKIP],
        time=f"{report.check_duration_s:.3f}",
        timestamp=shown(report.created_at),
    )
    for finding in report.findings:
        _add_case(suite, finding)
    root = ET.Element("testsuites", {"name": "rigcheck", **_totals(suite)})
    root.append(suite)
    ET.indent(root)
    told = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{told}\n'


def _totals(suite: ET.Element) -> dict[str, str]:
    return {name: suite.attrib[name] for name in ("tests", "failures", "errors", "skipped", "time")}


def _add_case(suite: ET.Element, finding: Finding) -> None:
    about = " ".join(filter(None, (finding.id, finding.subject, finding.environment)))
    case = ET.SubElement(
        suite, "testcase", classname=f"rigcheck.{shown(finding.group)}", name=shown(about), time="0"
    )
    text = "\n".join(map(shown, _told(finding)))
    if finding.verdict is Verdict.SKIP:
        ET.SubElement(case, "skipped", message=shown(finding.headline))
    elif finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
        kind = "failure" if finding.verdict is Verdict.FAIL else "error"
        problem = ET.SubElement(case, kind, message=shown(finding.headline), type=shown(finding.id))
        problem.text = text
    else:
        ET.SubElement(case, "system-out").text = text


def _told(finding: Finding) -> Iterator[str]:
    yield f"{finding.verdict.value}: {finding.headline}"
    if finding.caused_by:
        yield f"follows from {finding.caused_by}"
    for evidence in finding.evidence:
        yield f"seen: {evidence.text} ({evidence.source})"
    if finding.remedy is not None and finding.caused_by is None:
        yield f"mend: {finding.remedy.text}"
        yield from (f"  $ {command}" for command in finding.remedy.commands)
        if finding.remedy.verify:
            yield f"then $ {finding.remedy.verify}"
    if finding.link:
        yield f"read: {finding.link}"
