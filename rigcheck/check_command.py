"""`rigcheck check`: apart from the other commands, for it is the one that people wait for.

Light: the processes that a check asks start before what asks them, judges and shows is loaded.
"""

import argparse

from rigcheck.errors import ExitCode
from rigcheck.head_start import HeadStart
from rigcheck.interpreters import chosen_pythons


def check_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck check`."""
    words = getattr(options, "python", None) or ()
    if getattr(options, "all_pythons", False) or len(words) > 1:
        from rigcheck.environments_command import check_several  # noqa: PLC0415 -- rarely needed

        return check_several(options)
    (python,) = chosen_pythons(words)
    with HeadStart() as head_start:
        # What only some parts need is not known before the rules are loaded.
        if getattr(options, "only", None) is None:
            head_start.give_to_check(python, getattr(options, "nvml_library", None))
        from rigcheck.one_check import check_one  # noqa: PLC0415 -- see above

        return check_one(python, options, head_start.launch)
