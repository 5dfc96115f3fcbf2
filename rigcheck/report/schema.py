"""The report's JSON Schema, made from the types; `python -m rigcheck.report.schema` prints it.

The descriptions of the fields are the strings below them in the source.
"""

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from rigcheck import advice, environments, facts, findings
from rigcheck.bench import ceiling, conclusions, result
from rigcheck.monitor import sample
from rigcheck.probes import probe
from rigcheck.report import report

SCHEMA_PATH = Path(__file__).with_name("report.schema.json")
_BENCH = (result, ceiling, conclusions)
_MODULES = (facts, findings, probe, sample, *_BENCH, advice, environments, report)


def make_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `Report`."""
    return schema_of(report.Report, "rigcheck report", _MODULES)


def schema_of(root: type, title: str, modules: Sequence[ModuleType]) -> dict[str, Any]:
    """JSON Schema (2020-12) of a struct, with the texts of the fields that these modules define."""
    schema = json.loads(_by_package(json.dumps(msgspec.json.schema(root))))
    described = {name: _field_texts(cls) for name, cls in _structs(modules).items()}
    for name, definition in schema["$defs"].items():
        if "description" in definition:  # Releases of msgspec differ in the indentation they keep.
            definition["description"] = inspect.cleandoc(definition["description"])
        for field, text in described.get(name, {}).items():
            _describe(definition["properties"], field, text)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **schema,
    }


def _by_package(schema: str) -> str:
    """A definition is named after the package that exports its types, not after the file there."""
    return re.sub(r"rigcheck\.facts\.[a-z_]+\.", "rigcheck.facts.", schema)


def _structs(modules: Sequence[ModuleType]) -> dict[str, type]:
    return {
        name: cls
        for module in modules
        for name, cls in inspect.getmembers(module, inspect.isclass)
        if issubclass(cls, msgspec.Struct) and _is_of(cls, module)
    }


def _is_of(cls: type, module: ModuleType) -> bool:
    """True where a module or package defines it, false where that only imports it."""
    return f"{cls.__module__}.".startswith(f"{module.__name__}.")


def _field_texts(cls: type) -> dict[str, str]:
    """The string below each field, as documentation tools read it."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    if not isinstance(tree, ast.ClassDef):
        raise TypeError(f"not a class: {cls}")
    texts = {}
    for field, following in zip(tree.body, tree.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
        ):
            texts[field.target.id] = inspect.cleandoc(str(following.value.value))
    return texts


def _describe(properties: dict[str, Any], field: str, text: str) -> None:
    # A description beside `$ref` is allowed since draft 2019-09.
    properties[field] = {**properties[field], "description": text}


def schema_text() -> str:
    """The schema as the file that ships in the package holds it."""
    return text_of(make_schema())


def text_of(schema: dict[str, Any]) -> str:
    """A schema as a file, lines ended."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
