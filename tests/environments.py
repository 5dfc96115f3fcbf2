"""Interpreters and environments for tests: real ones, made in a folder of the test's own."""

import dataclasses
import sys
import textwrap
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class FakePackages:
    """A folder of importable packages, and an interpreter that sees them before its own.

    `python` is a small script, since a probe is given an executable and no environment variables.
    """

    folder: Path
    base: str = sys.executable

    @property
    def python(self) -> str:
        script = self.folder / "python"
        script.write_text(f'#!/bin/sh\nPYTHONPATH="{self.folder}" exec "{self.base}" "$@"\n')
        script.chmod(0o755)
        return str(script)

    def add_package(self, name: str, source: str, *, version: str | None = None) -> None:
        """A package whose `__init__` is `source`; with metadata when `version` is given."""
        (self.folder / name).mkdir()
        (self.folder / name / "__init__.py").write_text(textwrap.dedent(source))
        if version is not None:
            metadata = self.folder / f"{name}-{version}.dist-info"
            metadata.mkdir()
            (metadata / "METADATA").write_text(
                f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            )
