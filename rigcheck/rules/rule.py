"""What a rule is: id, grounds, judgement and link on one screen."""

from collections.abc import Callable, Iterator

import msgspec

from rigcheck.facts import Rig
from rigcheck.findings import Evidence, Remedy, Verdict


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says of one subject; the rule's own id, group and link are added to it."""

    verdict: Verdict
    headline: str
    evidence: tuple[Evidence, ...] = ()
    remedy: Remedy | None = None
    subject: str = ""
    follows: tuple[str, ...] | None = None
    """Those of the rule's `follows` that this judgement can be a consequence of; None for all."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Names a bad state and tells whether a rig is in it.

    `judge` yields one judgement a subject (a GPU, a library), or one for the rig; it yields at
    least one, also where the verdict is `pass`, `skip` or `unknown`.
    """

    id: str
    group: str
    """The part of the rig it belongs to on screen: a field name of `Rig`."""
    needs: tuple[str, ...]
    """The parts of the rig it reads: it is judged once all of them are there."""
    follows: tuple[str, ...]
    """Ids of bad states of which this one is a mere consequence, the deepest first."""
    link: str
    judge: Callable[[Rig], Iterator[Judgement]]

    @property
    def meaning(self) -> str:
        """What the bad state means and how it is detected: the docstring of the function."""
        return self.judge.__doc__ or ""


def rule(
    id: str,  # noqa: A002 -- the field's name in every report
    *,
    group: str,
    needs: tuple[str, ...],
    link: str,
    follows: tuple[str, ...] = (),
) -> Callable[[Callable[[Rig], Iterator[Judgement]]], Rule]:
    """Makes the decorated function a rule."""

    def wrap(judge: Callable[[Rig], Iterator[Judgement]]) -> Rule:
        return Rule(id=id, group=group, needs=needs, follows=follows, link=link, judge=judge)

    return wrap
