"""One page of HTML: no request, no file beside it, light or dark as the reader likes it.

Its policy forbids whatever is not in it: a script that were smuggled in would not run.
"""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

from rigcheck.environments import EnvironmentFacts, rig_of
from rigcheck.facts import Rig
from rigcheck.findings import Finding, Verdict, root_cause
from rigcheck.probes.registry import PROBES
from rigcheck.report.environment_lines import environment_line, search_lines
from rigcheck.report.formats.html_advice import ADVICE_TITLE, advice_sections
from rigcheck.report.formats.html_bench import bench_sections, definitions
from rigcheck.report.formats.html_remedy import link, steps
from rigcheck.report.formats.markup import Child, Markup, folded, section, table, tag
from rigcheck.report.report import Report, verdicts_text
from rigcheck.report.rows import Row, rows
from rigcheck.report.summary import summary
from rigcheck.units import duration_text

_HERE = Path(__file__).parent
_SHOWN = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN)


def html(report: Report) -> str:
    """The page, lines ended."""
    style, script = ((_HERE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", _title(report)),
        tag("style", Markup(style)),
    )
    body = tag("body", *_sections(report), tag("script", Markup(script)))
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def _title(report: Report) -> str:
    if report.advice is not None:
        return f"rigcheck: {ADVICE_TITLE[0].lower()}{ADVICE_TITLE[1:]}"
    leading = root_cause(report.findings)
    return f"rigcheck: {leading.headline if leading else 'nothing is wrong'}"


def _sections(report: Report) -> Iterator[Child]:
    heading = tag("p", _heading(report), class_="soft")
    if report.advice is not None:
        yield tag("header", heading, tag("h1", ADVICE_TITLE))
        yield from advice_sections(report.advice)
    else:
        yield tag("header", heading, _lead(report))
        yield from _judged(report)
    yield section("Facts", _parts(report.rig, report), id_="facts")
    yield section("Environments", _environments(report), id_="environments")
    if report.bench is not None:
        yield section("What the words mean", definitions(), id_="definitions")
    yield _footer(report)


def _judged(report: Report) -> Iterator[Child]:
    others = [
        f for f in report.findings if f.verdict in _SHOWN and f != root_cause(report.findings)
    ]
    yield section("Findings", map(_finding, others), _rest(report), id_="findings")
    if report.bench is not None:
        yield from bench_sections(report.bench, report.rig)


def _heading(report: Report) -> str:
    host = summary(report.rig, "host")
    pieces = (f"rigcheck {report.rigcheck_version}", report.created_at, host)
    return " · ".join(piece for piece in pieces if piece)


def _lead(report: Report) -> Markup:
    ended = " · interrupted" if report.interrupted else ""
    below = tag("p", verdicts_text(report.findings), ended, class_="soft")
    leading = root_cause(report.findings)
    if leading is None:
        return tag(
            "div", tag("h1", "Nothing is wrong that rigcheck knows of"), below, class_="lead"
        )
    return tag(
        "div",
        tag("h1", _verdict(leading.verdict), " ", leading.headline),
        _grounds(leading),
        below,
        class_=f"lead {leading.verdict.value}",
    )


def _finding(finding: Finding) -> Markup:
    about = [finding.id, finding.subject, finding.environment]
    follows = f" · follows from {finding.caused_by}" if finding.caused_by else ""
    return tag(
        "article",
        tag("h3", _verdict(finding.verdict), " ", finding.headline),
        tag("div", " · ".join(filter(None, about)), follows, class_="soft"),
        _grounds(finding),
        class_="finding",
    )


def _grounds(finding: Finding) -> Iterator[Child]:
    """Evidence, remedy and link; a consequence is mended with its cause."""
    if finding.evidence:
        yield tag(
            "ul",
            [
                tag("li", e.text, " ", tag("span", e.source, class_="source"))
                for e in finding.evidence
            ],
        )
    if finding.remedy is not None and finding.caused_by is None:
        yield tag("p", tag("strong", "What mends it: "), finding.remedy.text)
        yield from steps(finding.remedy)
    if finding.link:
        yield tag("p", "Read: ", link(finding.link))


def _verdict(verdict: Verdict) -> Markup:
    return tag("span", verdict.value.upper(), class_=f"verdict {verdict.value}")


def _rest(report: Report) -> Child:
    rest = [f for f in report.findings if f.verdict not in _SHOWN]
    lines = [(_verdict(f.verdict), f.headline, f.id) for f in rest]
    return (
        folded(f"{len(rest)} more: passed or not applicable", table(("", "", "id"), lines))
        if rest
        else ""
    )


def _parts(rig: Rig, holder: Report | EnvironmentFacts) -> Iterator[Child]:
    outcomes = {outcome.part: outcome for outcome in holder.probes}
    for probe in PROBES:
        outcome = outcomes.get(probe.part)
        told = rows(getattr(rig, probe.part))
        if not told and outcome is None:
            continue
        error = outcome.error if outcome is not None else ""
        line = error or summary(rig, probe.part)
        took = f" · {duration_text(outcome.duration_s)}" if outcome is not None else ""
        title = (tag("strong", probe.title), "  ", tag("span", line, took, class_="soft"))
        yield folded(title, _fact_table(told) if told else "")


def _fact_table(told: tuple[Row, ...]) -> Markup:
    body = [
        (
            row.label,
            tag("span", row.text, class_=row.state),
            tag("span", row.source, class_="source"),
        )
        for row in told
    ]
    return table(("", "value", "read from"), body, class_="facts")


def _environments(report: Report) -> Iterator[Child]:
    for environment in report.environments:
        yield tag("h3", environment.interpreter)
        yield tag("p", environment_line(environment))
        yield from _parts(rig_of(Rig(), environment), environment)
    if report.search is not None:
        yield from (tag("p", line) for line in search_lines(report.search))


def _footer(report: Report) -> Markup:
    removed = ", ".join(report.removed)
    told = f"Removed before sharing: {removed}. The same placeholder is the same thing throughout."
    checked = f"Checked in {duration_text(report.check_duration_s)}."
    return tag("footer", tag("p", told) if removed else "", tag("p", checked))
