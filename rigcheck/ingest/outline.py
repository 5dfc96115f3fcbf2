"""Facts as people list them: `key: value` lines, indented or dashed, of YAML, Markdown and forms.

```
- GPU: 2x RTX 3090
- PyTorch Version (e.g., 1.0): 1.3.1
gpus:
- name: TITAN Xp
  count: 8
```
"""

import dataclasses
import itertools
import re
from collections.abc import Iterator

from rigcheck.facts import Found
from rigcheck.ingest.text import Text

_MOST_CHARACTERS = 65_536
"""What an issue of GitHub may hold."""
_MOST_LINES = 2_000
_LINE = re.compile(
    r"^(?P<indent>[ \t]{0,24})(?P<dash>[-*•+][ \t]{1,4})?(?:\[[ xX]\] )?[*_`|'\"]{0,3}[ \t]{0,2}"
    r"(?P<key>[A-Za-z][\w ./-]{0,60}?)[ \t]{0,4}(?:\([^()\n]{0,60}\))?[ \t]{0,8}"
    r"[*_`'\"]{0,3}[ \t]{0,8}[:=|][ \t]{0,40}[*_`'\"]{0,3}[ \t]{0,2}(?P<value>[^\n]{0,4000})$",
    re.MULTILINE,
)
_ITEM = re.compile(r"^(?P<indent>[ \t]{0,24})[-*•+][ \t]{1,4}(?P<item>[^\n]{0,400})$", re.MULTILINE)
_SEPARATORS = re.compile(r"[\s_/-]+")
_DASH = 2
"""Columns that a dash and its space take."""


@dataclasses.dataclass(kw_only=True)
class Node:
    """One `key: value` line, with what stands below it."""

    key: str
    """In small letters, its words parted by single spaces."""
    value: str
    source: str
    indent: int
    starts_item: bool = False
    """It has a dash: the first line of a thing in a list."""
    items: list[str] = dataclasses.field(default_factory=list)
    """The dashed lines below it that are no `key: value`."""
    children: list["Node"] = dataclasses.field(default_factory=list)

    def found(self) -> Found[str]:
        """Its value, quotes and Markdown taken off."""
        return Found(self.value, self.source)


def read_outline(text: Text) -> list[Node]:
    """The uppermost lines, each with those below it."""
    root = Node(key="", value="", source="", indent=-1)
    path = [root]
    for indent, node, item in _lines(text):
        while path[-1].indent >= indent:
            path.pop()
        if node is None:
            path[-1].items.append(item)
        else:
            path[-1].children.append(node)
            path.append(node)
    return root.children


def walk(nodes: list[Node]) -> Iterator[Node]:
    """All lines, in the text's order."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def _lines(text: Text) -> Iterator[tuple[int, Node | None, str]]:
    """Column after which a line's parent begins to the left; then the line."""
    start = 0
    for line in itertools.islice(text.content[:_MOST_CHARACTERS].split("\n"), _MOST_LINES):
        if match := _LINE.match(line):
            node = _node(match, text.source(start, start + len(line)))
            yield len(match["indent"]) + (1 if node.starts_item else 0), node, ""
        elif item := _ITEM.match(line):
            yield len(item["indent"]) + 1, None, _bare(item["item"])
        start += len(line) + 1


def _node(match: re.Match[str], source: str) -> Node:
    has_dash = bool(match["dash"])
    return Node(
        key=_SEPARATORS.sub(" ", match["key"].strip().lower()),
        value=_bare(match["value"]),
        source=source,
        indent=len(match["indent"]) + (_DASH if has_dash else 0),
        starts_item=has_dash,
    )


def _bare(value: str) -> str:
    return value.strip(" \t*_`|'\"")
