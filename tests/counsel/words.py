"""What the counsels of a topic say, in one text."""

from collections.abc import Iterable

from rigcheck.advice import Counsel


def words_of(counsels: Iterable[Counsel]) -> str:
    """Texts and commands, a line each."""
    lines = []
    for counsel in counsels:
        lines.append(counsel.text)
        if counsel.remedy is not None:
            lines += [counsel.remedy.text, *counsel.remedy.commands, counsel.remedy.verify]
    return "\n".join(lines)
