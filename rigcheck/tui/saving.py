"""Writing a report to a file, in one of several formats; knows no Textual."""

from pathlib import Path

from rigcheck.errors import RigcheckError
from rigcheck.report.formats import Format, render
from rigcheck.report.layout import Style
from rigcheck.report.report import Report

FORMATS = {
    Format.TEXT: ("txt", "text, for people"),
    Format.MARKDOWN: ("md", "Markdown, for an issue or a chat: without private things"),
    Format.HTML: ("html", "a page, for a browser: without private things"),
    Format.JSON: ("json", "JSON, for `rigcheck judge` and scripts"),
}
"""Those that people open: each one's suffix, and what it is for."""
_MOST_OF_A_NAME = 1000


def save(report: Report, chosen: Format, directories: tuple[Path, ...]) -> Path:
    """Writes it to a new file in the first of these directories that takes one.

    Raises:
        RigcheckError: if none does.
    """
    style = Style(symbols=True)
    content = render(report, chosen, is_redacted=chosen.is_shared, style=style).encode()
    suffix, _ = FORMATS[chosen]
    why = ""
    for directory in directories:
        try:
            return _write_new(directory, report.created_at, suffix, content)
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
