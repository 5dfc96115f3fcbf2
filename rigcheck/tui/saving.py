"""Writing a report to a file, in one of several formats; knows no Textual."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import msgspec

from rigcheck.errors import RigcheckError
from rigcheck.report.report import Report
from rigcheck.report.text import Style, report_text

_MOST_OF_A_NAME = 1000


@dataclasses.dataclass(frozen=True)
class Format:
    """How a report can be written."""

    name: str
    suffix: str
    render: Callable[[Report], str]


def _json(report: Report) -> str:
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def _text(report: Report) -> str:
    return report_text(report, Style(symbols=True))


# A further format is a line here; the screen offers what it finds.
FORMATS = (
    Format("text, for people", "txt", _text),
    Format("JSON, for `rigcheck judge` and scripts", "json", _json),
)


def save(report: Report, chosen: Format, directories: tuple[Path, ...]) -> Path:
    """Writes it to a new file in the first of these directories that takes one.

    Raises:
        RigcheckError: if none does.
    """
    content = chosen.render(report).encode()
    why = ""
    for directory in directories:
        try:
            return _write_new(directory, report.created_at, chosen.suffix, content)
        except OSError as error:  # noqa: PERF203 -- of two directories
            why = why or f"{directory}: {error.strerror or error}"
    raise RigcheckError(f"the run could not be saved: {why}")


def _write_new(directory: Path, created_at: str, suffix: str, content: bytes) -> Path:
    """`rigcheck-2026-11-22T18-04-05Z.txt`, with a number where that is there already."""
    stem = f"rigcheck-{created_at.replace(':', '-')}"
    for number in range(1, _MOST_OF_A_NAME):
        path = directory / (f"{stem}.{suffix}" if number == 1 else f"{stem}-{number}.{suffix}")
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(0, "too many files of this name")
