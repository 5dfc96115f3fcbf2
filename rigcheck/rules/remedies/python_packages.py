"""Installing into the interpreter being checked, with what that interpreter has."""

import shlex
from collections.abc import Iterable

import msgspec

from rigcheck.facts import Rig, value_of

_NEW_VENV = "~/.venvs/torch"


class Installer(msgspec.Struct, frozen=True, kw_only=True):
    """How packages get into an environment."""

    python: str
    """The interpreter they end up in, for a shell."""
    prepare: tuple[str, ...] = ()
    """Commands that make that environment first."""
    with_uv: bool = False
    note: str = ""
    """What a person should know of this environment; empty where there is nothing to know."""

    def install(self, requirements: Iterable[str], index_url: str = "") -> str:
        """The command that installs all of them at once."""
        words = [shlex.quote(word) for word in requirements]
        index = ["--index-url", index_url] if index_url else []
        return " ".join([self._pip("install"), *words, *index])

    def uninstall(self, packages: Iterable[str]) -> str:
        """The command that takes them out, without asking."""
        yes = [] if self.with_uv else ["-y"]
        return " ".join([self._pip("uninstall"), *yes, *packages])

    def _pip(self, action: str) -> str:
        if self.with_uv:
            return f"uv pip {action} --python {self.python}"
        return f"{self.python} -m pip {action}"


def installer_for(rig: Rig) -> Installer:
    """The one for the interpreter being checked; a new environment where that refuses (PEP 668)."""
    facts = rig.python
    python = shlex.quote(value_of(facts.executable) or "python3")
    environment = value_of(facts.environment)
    if value_of(facts.externally_managed):
        return new_environment(
            f"{python} -m venv {_NEW_VENV}",
            "This interpreter belongs to the system, and pip refuses to install into it (PEP 668): "
            "the commands make an environment of its own first.",
        )
    if environment == "conda":
        prefix = shlex.quote(value_of(facts.prefix) or "")
        return Installer(
            python=python,
            with_uv=value_of(facts.has_pip) is False,
            note="If conda installed torch here, take that one out first: "
            f"conda remove -p {prefix} pytorch torchvision.",
        )
    has_pip = value_of(facts.has_pip)
    return Installer(python=python, with_uv=not has_pip if has_pip is not None else False)


def installer_with_python(version: str) -> Installer:
    """One for a new environment with another Python."""
    return new_environment(
        f"python{version} -m venv {_NEW_VENV}",
        f"The commands need Python {version} on this machine and make an environment with it "
        f"(uv venv --seed --python {version} {_NEW_VENV} downloads one).",
    )


def new_environment(command: str, note: str) -> Installer:
    """One for an environment that `command` makes."""
    return Installer(python=f"{_NEW_VENV}/bin/python", prepare=(command,), note=note)


def verify_with(installer: Installer, *parts: str) -> str:
    """The command that checks these parts of the rig again, torch by default, in that interpreter.

    Args:
        installer: whose interpreter it is.
        parts: names of fields of the rig.
    """
    only = " ".join(f"--only {part}" for part in parts or ("torch",))
    return f"rigcheck check {only} --python {installer.python}"
