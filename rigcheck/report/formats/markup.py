"""HTML made of parts, each text escaped where it enters: nothing foreign is ever a tag."""

import html
from collections.abc import Iterable
from typing import TypeAlias, Union

from rigcheck.report.foreign import shown

Child: TypeAlias = Union[str, "Markup", Iterable["Child"]]

_VOID = frozenset({"meta", "br", "input"})


class Markup(str):
    """HTML that is one of ours, and is not escaped again."""

    __slots__ = ()


def tag(name: str, /, *children: Child, **attributes: str) -> Markup:
    """An element. `class_` is `class`, `data_x` is `data-x`; an empty attribute stands alone."""
    told = "".join(f" {_attribute(key)}{_value(text)}" for key, text in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{told}>")
    return Markup(f"<{name}{told}>{content(children)}</{name}>")


def content(child: Child) -> Markup:
    """Children as HTML: texts escaped, elements as they are."""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return Markup(html.escape(shown(child, multiline=True)))
    return Markup("".join(map(content, child)))


def table(head: Iterable[str], body: Iterable[Iterable[Child]], class_: str = "") -> Markup:
    """A table in a frame of its own, which scrolls where the page is too narrow for it."""
    rows = [tag("tr", [tag("td", cell) for cell in row]) for row in body]
    heads = tag("thead", tag("tr", [tag("th", name, scope="col") for name in head]))
    return tag("div", tag("table", heads, tag("tbody", rows)), class_=f"scroll {class_}".strip())


def section(title: str, *children: Child, id_: str) -> Markup:
    """A part of the page under its heading; nothing where there is nothing in it."""
    inner = content(children)
    return tag("section", tag("h2", title), inner, id=id_) if inner else Markup("")


def folded(title: Child, *children: Child, class_: str = "", is_open: bool = False) -> Markup:
    """What opens on demand, and in print."""
    attributes = {"class_": class_} if class_ else {}
    if is_open:
        attributes["open"] = ""
    return tag("details", tag("summary", title), *children, **attributes)


def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _value(text: str) -> str:
    return f'="{html.escape(shown(text))}"' if text else ""
