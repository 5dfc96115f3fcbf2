"""Interpreters and environments for tests: real ones, made in a folder of the test's own."""

import dataclasses
import subprocess
import sys
import textwrap
from pathlib import Path


def make_venv(folder: Path, base: str = sys.executable) -> str:
    """A real virtual environment without pip; the path of its interpreter."""
    subprocess.run([base, "-m", "venv", "--without-pip", folder], check=True)
    return str(folder / "bin" / "python3")


def site_packages(python: str) -> Path:
    """Where an interpreter keeps its packages."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


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
