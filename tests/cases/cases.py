"""Real reports: what was told of a machine, the established fault, words of a right remedy.

Two sets: recorded rigs beside this file (`rigs/*.toml`), and a folder of YAML files, named by
`RIGCHECK_TEST_CASES` or beside the checkout, with facts in loose words (`vocabulary`).
"""

import dataclasses
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomli
import yaml

from rigcheck.explain import judge_partial
from rigcheck.facts import Rig
from rigcheck.findings import Finding, Verdict
from rigcheck.ingest.merge import merge
from rigcheck.ingest.messages import parse_messages
from rigcheck.ingest.recognise import read_rig
from rigcheck.ingest.text import Text, clean
from tests.cases.sparse import NotThere, Refused, rig_of
from tests.cases.vocabulary import told_of, words_of

HEALTHY = "healthy"
RECORDED = Path(__file__).with_name("rigs")
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
            rig=_with_texts(
                rig_of({part: _marked(fields) for part, fields in content["rig"].items()}),
                content.get("symptom"),
                content.get("text"),
            ),
        )


def cases_dir() -> Path | None:
    """Where further cases are; None where they are not."""
    named = os.environ.get("RIGCHECK_TEST_CASES")
    path = Path(named) if named else Path(__file__).parents[2].parent / "shared" / "cases"
    return path if path.is_dir() else None


def shared_cases(directory: Path) -> Iterator[Case]:
    """The YAML files of a folder."""
    for path in sorted(directory.glob("*.yaml")):
        content = yaml.safe_load(path.read_text())
        facts = content["facts"] or {}
        yield Case(
            id=content["id"],
            fault=content["fault"],
            remedy_words=tuple(map(str, content["remedy_keywords"])),
            rig=_with_texts(
                rig_of(sparse_of(facts)),
                words_of(facts, content["symptom"] or ""),
                content["text"],
            ),
        )


def sparse_of(facts: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """A case's facts in the words of a rig; of one told twice the last counts."""
    sparse: dict[str, dict[str, Any]] = {}
    for part, field, value in told_of(facts):
        sparse.setdefault(part, {})[field] = value
    return sparse


def _with_texts(rig: Rig, symptom: str | None, text: str | None) -> Rig:
    told = parse_messages(Text(clean(symptom))) if symptom else Rig()
    read = read_rig(Text(clean(text))) if text else Rig()
    return merge((read, rig, told))


def _marked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """TOML has no null: `!not there` and `!refused: words` stand for what has no value."""
    return {name: _mark(value) for name, value in fields.items()}


def _mark(value: Any) -> Any:
    if value == "!not there":
        return NotThere()
    if isinstance(value, str) and value.startswith("!refused: "):
        return Refused(value.removeprefix("!refused: "))
    return value
