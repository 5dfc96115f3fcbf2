"""Real reports: what was told of a machine, the established fault, words of a right remedy.

Three sets: recorded rigs beside this file (`rigs/*.toml`), pasted texts (`reports/*.txt`), and a
folder of YAML files with facts in loose words, named by `RIGCHECK_TEST_CASES` or beside the
checkout.
"""

import dataclasses
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomli
import yaml

from rigcheck.errors import UsageError
from rigcheck.explain import judge_partial
from rigcheck.facts import Rig
from rigcheck.findings import Finding, Verdict
from rigcheck.ingest.merge import merge
from rigcheck.ingest.recognise import read_rig
from rigcheck.ingest.text import parse_text
from tests.cases.sparse import NotThere, Refused, rig_of

HEALTHY = "healthy"
RECORDED = Path(__file__).with_name("rigs")
REPORTS = Path(__file__).with_name("reports")
_WRONG = (Verdict.FAIL, Verdict.WARN)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Case:
    """One report."""

    id: str
    fault: str
    """Id of the finding, or `healthy`."""
    remedy_words: tuple[str, ...]
    """A right remedy has one of them."""
    rig: Rig


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a case was judged."""

    case: Case
    wrong: tuple[Finding, ...]

    @property
    def word(self) -> str:
        """`found`, `missed`, `no remedy`, `false alarm` or `healthy`."""
        if self.case.fault == HEALTHY:
            return "false alarm" if self.wrong else "healthy"
        mine = [f for f in self.wrong if f.id == self.case.fault]
        if not mine:
            return "missed"
        return "found" if any(self._has_word(finding) for finding in mine) else "no remedy"

    @property
    def is_right(self) -> bool:
        """Found, or rightly quiet."""
        return self.word in ("found", "healthy")

    def _has_word(self, finding: Finding) -> bool:
        remedy = finding.remedy
        said = " ".join((remedy.text, *remedy.commands, remedy.verify)) if remedy else ""
        return any(word.lower() in said.lower() for word in self.case.remedy_words)


def judged(case: Case) -> Outcome:
    """What rigcheck says of it."""
    wrong = tuple(f for f in judge_partial(case.rig) if f.verdict in _WRONG)
    return Outcome(case=case, wrong=wrong)


def recorded_cases() -> Iterator[Case]:
    """The rigs in this repository."""
    for path in sorted(RECORDED.glob("*.toml")):
        content = tomli.loads(path.read_text())
        yield Case(
            id=path.stem,
            fault=content["fault"],
            remedy_words=tuple(content.get("remedy_words", ())),
            rig=_with_text(
                rig_of({part: _marked(fields) for part, fields in content["rig"].items()}), content
            ),
        )


def cases_dir() -> Path | None:
    """Where further cases are; None where they are not."""
    named = os.environ.get("RIGCHECK_TEST_CASES")
    path = Path(named) if named else Path(__file__).parents[2].parent / "shared" / "cases"
    return path if path.is_dir() else None


def shared_cases(directory: Path) -> Iterator[Case]:
    """The YAML files of a folder, as a stranger would paste them: without what was found out."""
    for path in sorted(directory.glob("*.yaml")):
        content = yaml.safe_load(path.read_text())
        yield Case(
            id=content["id"],
            fault=content["fault"],
            remedy_words=tuple(map(str, content["remedy_keywords"])),
            rig=_read(_without_answers(path.read_text())),
        )


def reports() -> Iterator[Case]:
    """Pasted texts: two lines that tell the answer, an empty one, the text."""
    for path in sorted(REPORTS.glob("*.txt")):
        head, _, text = path.read_text().partition("\n\n")
        fault, remedy = (line.partition(":")[2].strip() for line in head.split("\n"))
        yield Case(
            id=path.stem,
            fault=fault,
            remedy_words=tuple(word.strip() for word in remedy.split(",") if word.strip()),
            rig=_read(text),
        )


def _without_answers(text: str) -> str:
    """The file's own lines of symptom, facts and text; a block's lines are indented or dashed."""
    kept: list[str] = []
    is_told = False
    for line in text.splitlines():
        if line[:1].isalpha():
            is_told = line.partition(":")[0] in ("symptom", "facts", "text")
        if is_told:
            kept.append(line)
    return "\n".join(kept)


def _read(text: str) -> Rig:
    """Nothing known of the machine is no error here, but a case that is missed."""
    try:
        return read_rig(parse_text(text.encode()))
    except UsageError:
        return Rig()


def _with_text(rig: Rig, content: Mapping[str, Any]) -> Rig:
    """What was said beside the facts counts less than they do."""
    said = "\n".join(str(content[key]) for key in ("symptom", "text") if key in content)
    return merge((rig, _read(said)))


def _marked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """TOML has no null: `!not there` and `!refused: words` stand for what has no value."""
    return {name: _mark(value) for name, value in fields.items()}


def _mark(value: Any) -> Any:
    if value == "!not there":
        return NotThere()
    if isinstance(value, str) and value.startswith("!refused: "):
        return Refused(value.removeprefix("!refused: "))
    return value
