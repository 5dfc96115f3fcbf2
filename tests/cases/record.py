"""Writes a folder of cases down as recorded rigs: `python -m tests.cases.record FOLDER`."""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.cases.cases import RECORDED, sparse_of
from tests.cases.sparse import NotThere, Refused
from tests.cases.vocabulary import words_of


def main(directory: Path) -> None:
    """One TOML file a case."""
    RECORDED.mkdir(exist_ok=True)
    for path in sorted(directory.glob("*.yaml")):
        case = yaml.safe_load(path.read_text())
        (RECORDED / f"{case['id']}.toml").write_text(_toml(case))


def _toml(case: dict[str, Any]) -> str:
    facts = case["facts"] or {}
    lines = [f"# {case['source']}", f"fault = {_value(case['fault'])}"]
    if case["remedy_keywords"]:
        lines.append(f"remedy_words = {_value([str(word) for word in case['remedy_keywords']])}")
    symptom = words_of(facts, case["symptom"] or "")
    lines += [f"{name} = {_value(told)}" for name, told in (("symptom", symptom),) if told]
    if case["text"]:
        lines.append(f"text = {_value(case['text'])}")
    for part, fields in (sparse_of(facts) or {"host": {}}).items():
        lines += ["", f"[rig.{part}]", *(f"{name} = {_value(v)}" for name, v in fields.items())]
    return "\n".join([*lines, ""])


def _value(value: Any) -> str:
    if isinstance(value, NotThere):
        return '"!not there"'
    if isinstance(value, Refused):
        return json.dumps(f"!refused: {value}")
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(v)}" for name, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
