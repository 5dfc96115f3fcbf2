"""The forms in which people write values: yes or no, versions, words."""

import re
from collections.abc import Callable

from rigcheck.facts import Fact, Found, Rig, Symptom, Symptoms
from rigcheck.ingest.outline import Node

Reader = Callable[[Node], Rig]

_YES = ("true", "yes", "on", "enabled", "active", "1")
_NO = ("false", "no", "off", "disabled", "inactive", "0")
_NUMBER = re.compile(r"v?(\d+(?:\.\d+){1,3})(?![\w.]*\d)")


def yes_or_no(told: Found[str]) -> Found[bool] | None:
    """`True`, `enabled (user)`, `off`."""
    word = told.value.lower().split(" ")[0].strip(".,;")
    if word not in (*_YES, *_NO):
        return None
    return Found(word in _YES, told.source)


def number(node: Node) -> Found[str] | None:
    match = _NUMBER.match(node.value.removeprefix("glibc").lstrip("-: "))
    return Found(match[1], node.source) if match else None


def versions(make: Callable[[Fact[str]], Rig]) -> Reader:
    def read(node: Node) -> Rig:
        told = number(node)
        return make(told) if told else Rig()

    return read


def words(make: Callable[[Fact[str]], Rig]) -> Reader:
    def read(node: Node) -> Rig:
        return make(node.found()) if node.value else Rig()

    return read


def answers(make: Callable[[Found[bool]], Rig]) -> Reader:
    def read(node: Node) -> Rig:
        answer = yes_or_no(node.found())
        return make(answer) if answer else Rig()

    return read


def symptom(name: str, words: str, source: str) -> Rig:
    symptom = Symptom(name=name, text=words, source=source)
    return Rig(symptoms=Symptoms(seen=Found((symptom,), source)))
