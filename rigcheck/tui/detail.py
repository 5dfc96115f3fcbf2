"""The detail pane's text: what is wrong with one part of the rig and why, then its facts."""

import functools
import re
from collections.abc import Iterator

from textual.content import Content

from rigcheck.findings import Finding, Remedy, Verdict
from rigcheck.report.rows import Row, rows
from rigcheck.tui.check_model import CHANGES, Group
from rigcheck.tui.layout import hanging, styled
from rigcheck.tui.look import COMMAND, FAINT, MARKS, PLAIN, SOUGHT, STRONG, VERDICT_STYLES
from rigcheck.units import duration_text

_INDENT = 6
_NOTE_INDENT = 11
_MAX_LABEL = 22
_QUIET = (Verdict.PASS, Verdict.SKIP)


def detail(group: Group, n_columns: int, query: str = "") -> Content:
    """Everything known of this part, `n_columns` wide, with the words of the query marked."""
    content = Content("\n").join(_lines(group, n_columns))
    words = "|".join(map(re.escape, query.split()))
    if not words:
        return content
    return content.highlight_regex(re.compile(words, re.IGNORECASE), style=SOUGHT)


def _lines(group: Group, n_columns: int) -> Iterator[Content]:
    if group.outcome is None:
        yield from styled(f"{group.title}: being looked at…", FAINT).wrap(n_columns)
        return
    if group.outcome.error:
        yield from _labelled("?", f"not looked at: {group.outcome.error}", n_columns)
        yield Content("")
    for finding in group.findings:
        if finding.verdict not in _QUIET:
            yield from _finding_lines(finding, n_columns)
            yield Content("")
    quiet = [f for f in group.findings if f.verdict in _QUIET]
    for finding in quiet:
        yield from _headline(finding, n_columns, is_quiet=True)
    if quiet:
        yield Content("")
    if group.part == CHANGES:
        yield from styled(group.summary, STRONG).wrap(n_columns)
    for label, text in group.notes:
        faint = styled(label, FAINT).pad_left(2)
        yield from hanging(faint, styled(text), n_columns, _NOTE_INDENT)
    yield from _fact_lines(group, n_columns)


def _finding_lines(finding: Finding, n_columns: int) -> Iterator[Content]:
    yield from _headline(finding, n_columns, is_quiet=False)
    follows = f", follows from {finding.caused_by}" if finding.caused_by else ""
    yield from hanging(Content(), styled(f"{finding.id}{follows}", FAINT), n_columns, 2)
    for evidence in finding.evidence:
        source = styled(f"  {evidence.source}", FAINT)
        yield from _labelled("seen", styled(evidence.text) + source, n_columns)
    # A consequence is mended with its cause; a second remedy would only compete with it.
    if finding.remedy is not None and finding.caused_by is None:
        yield from remedy_lines(finding.remedy, n_columns)
    yield from _labelled("why", _meanings().get(finding.id, ""), n_columns)
    if finding.link:
        yield from _labelled("read", finding.link, n_columns)


@functools.cache
def _meanings() -> dict[str, str]:
    """What each rule's bad state means, in one paragraph."""
    from rigcheck.rules.registry import RULES  # noqa: PLC0415 -- not before the first frame

    return {rule.id: " ".join(rule.meaning.split()) for rule in RULES}


def remedy_lines(remedy: Remedy, n_columns: int) -> Iterator[Content]:
    """What mends it, the commands one a line, and how to see that it worked."""
    yield from _labelled("mend", remedy.text, n_columns)
    for command in remedy.commands:
        yield from _labelled("", styled(command, COMMAND), n_columns)
    if remedy.verify:
        yield from _labelled("then", styled(remedy.verify, COMMAND), n_columns)


def _headline(finding: Finding, n_columns: int, *, is_quiet: bool) -> list[Content]:
    style = VERDICT_STYLES[finding.verdict]
    # The mark speaks for a pass; whatever is wrong also has its word.
    word = "" if is_quiet else f" {finding.verdict.value}"
    mark = styled(MARKS[finding.verdict] + word, style)
    headline = styled(finding.headline, PLAIN if is_quiet else STRONG)
    return hanging(mark, headline, n_columns, 2 if is_quiet else mark.cell_length + 1)


def _fact_lines(group: Group, n_columns: int) -> Iterator[Content]:
    told = rows(group.facts) if group.facts is not None else ()
    if not told or group.outcome is None:
        return
    title = f"facts, read in {duration_text(group.outcome.duration_s)}"
    yield from styled(title, STRONG).wrap(n_columns)
    width = min(max(len(row.label) for row in told), _MAX_LABEL, n_columns // 3)
    for row in told:
        yield from hanging(styled(row.label), _fact(row), n_columns, width + 2)


def _fact(row: Row) -> Content:
    style = PLAIN if row.state == "found" else VERDICT_STYLES[Verdict.UNKNOWN]
    return styled(row.text, style) + styled(f"  {row.source}" if row.source else "", FAINT)


def _labelled(label: str, text: str | Content, n_columns: int) -> list[Content]:
    content = styled(text) if isinstance(text, str) else text
    if not content:
        return []
    return hanging(styled(label, FAINT).pad_left(2), content, n_columns, _INDENT + 2)
