"""Reading a stored report: whole, of a schema that is known, and no larger than one can be."""

import json
from pathlib import Path
from typing import Any

import msgspec

from rigcheck.errors import RigcheckError, UsageError
from rigcheck.report.report import SCHEMA_VERSION, Report

_MAX_BYTES = 64 * 1024 * 1024
"""A run of an hour on eight GPUs, with a sample a second of each, is a tenth of it."""


def read_report(path: Path) -> Report:
    """The report in a file.

    Raises:
        UsageError: if the file cannot be read.
        RigcheckError: if it is no report, a damaged one, or one of a later rigcheck.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    if len(raw) > _MAX_BYTES:
        raise RigcheckError(f"{path} is larger than any report ({_MAX_BYTES // 1024**2} MiB)")
    return parse_report(raw, str(path))


def parse_report(raw: bytes, name: str) -> Report:
    """The report that these bytes are.

    Raises:
        RigcheckError: if they are none; `name` is what the message calls them.
    """
    version = _schema_version(raw, name)
    if version > SCHEMA_VERSION:
        raise RigcheckError(
            f"{name} was written by a later rigcheck (schema {version}, known here up to "
            f"{SCHEMA_VERSION})",
            hint="install a newer rigcheck to read it",
        )
    try:
        return msgspec.json.decode(raw, type=Report)
    except (msgspec.DecodeError, RecursionError) as error:
        raise RigcheckError(
            f"{name} is a damaged report: {error}",
            hint="`rigcheck explain` reads texts that are no reports",
        ) from error


def _schema_version(raw: bytes, name: str) -> int:
    try:
        content: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise RigcheckError(
            f"{name} is not JSON: {error}",
            hint="a report is what `rigcheck check --json` prints; `rigcheck explain` reads texts",
        ) from error
    version = content.get("schema_version") if isinstance(content, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise RigcheckError(
            f"{name} is JSON, but no report of rigcheck",
            hint="a report is what `rigcheck check --json` prints",
        )
    return version
