"""The rules in words; `python -m rigcheck.rules.describe` prints the page in `docs/rules.md`."""

import inspect
import textwrap
from collections.abc import Iterator

from rigcheck.errors import UsageError
from rigcheck.rules.mending import MENDING
from rigcheck.rules.registry import RULES
from rigcheck.rules.rule import Rule
from rigcheck.rules.under_load import LOAD_RULES, LoadRule

_OF_BOTH = frozenset(rule.id for rule in RULES)
# What is looked for at rest and under load is told once, as it is at rest.
DESCRIBED: tuple[Rule | LoadRule, ...] = (
    *RULES,
    *(rule for rule in LOAD_RULES if rule.id not in _OF_BOTH),
)
_WIDTH = 100
_MAX_NEAR = 3
"""Ids that are offered in place of one that is not there."""
_PAGE_HEAD = """\
# Rules

Made from the rules themselves by `python -m rigcheck.rules.describe`; a test holds it current.

Each rule is named by the bad state it looks for and is judged from the facts that the probes find.
What follows from another bad state says so, and the report leads with the cause.
"""


def rules_text() -> str:
    """The list of all rules: id and what it means, one line each."""
    width = max(len(rule.id) for rule in DESCRIBED)
    return "".join(f"{rule.id:<{width}}  {_first_line(rule)}\n" for rule in DESCRIBED)


def rule_text(id_: str) -> str:
    """One rule, for a terminal.

    Raises:
        UsageError: for an id that no rule has.
    """
    rule = find_rule(id_)
    causes = [f"May follow from: {', '.join(rule.follows)}"] if rule.follows else []
    blocks = [
        f"{rule.id} (part {rule.group})",
        *(textwrap.fill(paragraph, _WIDTH) for paragraph in _paragraphs(rule)),
        textwrap.fill(f"To mend it: {MENDING[rule.id]}", _WIDTH),
        *(textwrap.fill(text, _WIDTH) for text in causes),
        f"Judged from: {', '.join(rule.needs)}",
        f"Source: {rule.link}",
    ]
    return "\n\n".join(blocks) + "\n"


def find_rule(id_: str) -> Rule | LoadRule:
    """The rule of an id.

    Raises:
        UsageError: where there is none.
    """
    for rule in DESCRIBED:
        if rule.id == id_:
            return rule
    near = [rule.id for rule in DESCRIBED if id_ and id_ in rule.id]
    hint = f"did you mean {_choice(near[:_MAX_NEAR])}?" if near else "rigcheck rules lists them"
    raise UsageError(f"no such rule: {id_}", hint=hint)


def _choice(ids: list[str]) -> str:
    """`a, b or c`."""
    return " or ".join(filter(None, (", ".join(ids[:-1]), ids[-1])))


def page() -> str:
    """The documentation page, in Markdown."""
    groups = dict.fromkeys(rule.group for rule in DESCRIBED)
    return "\n".join([_PAGE_HEAD, *(line for group in groups for line in _section(group))])


def _section(group: str) -> Iterator[str]:
    yield f"## {group}\n"
    for rule in DESCRIBED:
        if rule.group == group:
            yield f"### {rule.id}\n"
            yield from (f"{textwrap.fill(p, _WIDTH)}\n" for p in _paragraphs(rule))
            yield f"**To mend it.** {MENDING[rule.id]}\n"
            if rule.follows:
                links = ", ".join(f"[{cause}](#{cause})" for cause in rule.follows)
                yield f"**May follow from** {links}\n"
            yield f"**Judged from** {', '.join(rule.needs)}. **Source** <{rule.link}>\n"


def _paragraphs(rule: Rule | LoadRule) -> list[str]:
    """What it means, then how it is detected."""
    text = inspect.cleandoc(rule.meaning)
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def _first_line(rule: Rule | LoadRule) -> str:
    return _paragraphs(rule)[0].rstrip(".")


if __name__ == "__main__":
    print(page(), end="")
