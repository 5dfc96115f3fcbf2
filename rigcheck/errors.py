"""Exit codes, and the errors a user can do something about."""

import enum


class ExitCode(enum.IntEnum):
    """What a script can rely on."""

    OK = 0
    """Nothing at or above the `--fail-on` level."""
    FINDINGS = 1
    """Something at or above the `--fail-on` level."""
    USAGE = 2
    """The command line is wrong."""
    INTERNAL = 3
    """rigcheck itself could not do its work."""
    INTERRUPTED = 130
    """Ctrl-C."""


class RigcheckError(Exception):
    """An error told to the user without a traceback.

    Attributes:
        hint: What to do about it, or "".
        exit_code: What the command ends with.
    """

    def __init__(
        self, message: str, *, hint: str = "", exit_code: ExitCode = ExitCode.INTERNAL
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.exit_code = exit_code


class UsageError(RigcheckError):
    """The user asked for something that is not there: a path, a device, an option."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint, exit_code=ExitCode.USAGE)
