"""The JSON Schema of what `rigcheck compare --json` prints; `python -m rigcheck.compare.schema`."""

from pathlib import Path

from rigcheck import findings
from rigcheck.bench import result
from rigcheck.compare import comparison
from rigcheck.report.schema import schema_of, text_of

SCHEMA_PATH = Path(__file__).with_name("compare.schema.json")


def schema_text() -> str:
    """The schema as the file that ships in the package holds it."""
    modules = (findings, result, comparison)
    return text_of(schema_of(comparison.Comparison, "rigcheck comparison", modules))


if __name__ == "__main__":
    print(schema_text(), end="")
