"""What a figure means, in the words of the report's JSON Schema: one source for file and screen."""

import functools
import json
from typing import Any

from rigcheck.report.schema import SCHEMA_PATH


def definition(field: str) -> str:
    """`GpuSample.power_w` → the description of that field, on one line.

    Raises:
        KeyError: if the report has no such field, or nothing is said of it.
    """
    struct, _, name = field.partition(".")
    return " ".join(_definitions()[struct]["properties"][name]["description"].split())


@functools.cache
def _definitions() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))["$defs"]
    return schema
