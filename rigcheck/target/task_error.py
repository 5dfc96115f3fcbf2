"""The error that a task understands, as against one that escapes it."""

from __future__ import annotations


class TaskError(Exception):
    """The task cannot go on for a reason that the user can do something about.

    The message names what is wrong, without a word on how to mend it.

    Attributes:
        hint: What to do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
