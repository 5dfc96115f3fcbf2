"""Does the interpreter answer at all?"""

from collections.abc import Iterator

from rigcheck.facts import Failed, Found, Rig
from rigcheck.findings import Remedy, Verdict
from rigcheck.rules.evidence import one_line, passed, skipped, told, unknown
from rigcheck.rules.rule import Judgement, rule


@rule(
    "interpreter-unusable",
    group="python",
    needs=("python",),
    link="https://docs.python.org/3/library/venv.html#how-venvs-work",
)
def interpreter_unusable(rig: Rig) -> Iterator[Judgement]:
    """The interpreter that is checked does not answer: nothing in it can work.

    Mostly the Python that an environment was made from is gone, as after an upgrade of the
    system; or the file is no Python, or one older than 3.8.
    """
    version = rig.python.version
    if isinstance(version, Failed) and version.error.startswith("no answer within"):
        # A machine that is busy, or a folder over a slow network: it may answer another time.
        yield unknown(
            f"whether the interpreter works is not known: {one_line(version.error)}",
            told("Python", version),
            tells="Ask it again",
            commands=("rigcheck check --only python",),
        )
    elif isinstance(version, Failed):
        yield Judgement(
            verdict=Verdict.FAIL,
            headline=f"the interpreter does not answer: {one_line(version.error)}",
            evidence=(told("Python", version),),
            remedy=Remedy(
                text="Make the environment anew with a Python that is there, 3.8 or newer, or "
                "check another with --python. This command lists those that answer",
                commands=("rigcheck check --all-pythons",),
            ),
        )
    elif isinstance(version, Found):
        yield passed(f"Python {version.value} answers", told("Python", version))
    else:
        yield skipped("no interpreter was asked", told("Python", version))
