"""Filesystems of what rigcheck cares about: the environment, the data, temporary files."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from rigcheck.facts import Fact, Failed, Filesystem, Found, Storage
from rigcheck.probes.mounts import Mount, mount_of, read_mounts
from rigcheck.probes.probe import ProbeContext

_TEMPORARY_VARIABLES = ("TMPDIR", "TEMP", "TMP")
_TEMPORARY_DIRECTORIES = ("/tmp", "/var/tmp", "/usr/tmp")  # noqa: S108 -- looked up, never written


def read_storage(context: ProbeContext) -> Storage:
    """Asks for the room at each place; one that hangs, a dead NFS, ends at the probe's limit."""
    mounts = read_mounts(context.root)
    if not isinstance(mounts, Found):
        return Storage(filesystems=mounts)
    return Storage(filesystems=read_filesystems(tuple(_places(context)), mounts))


def read_filesystems(
    places: tuple[tuple[str, Path], ...], mounts: Found[tuple[Mount, ...]]
) -> Fact[tuple[Filesystem, ...]]:
    """The filesystem of each place. One that cannot be asked is named in the source instead."""
    answers = [_read_filesystem(purpose, path, mounts.value) for purpose, path in places]
    filesystems = tuple(answer for answer in answers if isinstance(answer, Filesystem))
    errors = tuple(answer for answer in answers if isinstance(answer, str))
    if not filesystems:
        return Failed("; ".join(errors), "statvfs")
    return Found(filesystems, "; ".join((f"statvfs, {mounts.source}", *errors)))


def nearest_existing(path: Path) -> Path:
    """The path itself, or the deepest directory above it that is there."""
    path = Path(os.path.abspath(path))  # noqa: PTH100 -- resolve() would follow what may hang
    return next(p for p in (path, *path.parents) if p.exists())


def _read_filesystem(purpose: str, path: Path, mounts: tuple[Mount, ...]) -> Filesystem | str:
    """The filesystem, or why it cannot be told."""
    try:
        there = nearest_existing(path).resolve()
        room = os.statvfs(there)
    except OSError as error:
        return f"{purpose} {path}: {error.strerror or error}"
    mount = mount_of(str(there), mounts)
    if mount is None:
        return f"{purpose} {path}: on no mount that is listed"
    return Filesystem(
        purpose=purpose,
        path=str(path),
        mount_point=mount.point,
        kind=mount.kind,
        total_bytes=room.f_blocks * room.f_frsize,
        free_bytes=room.f_bavail * room.f_frsize,
    )


def _places(context: ProbeContext) -> Iterator[tuple[str, Path]]:
    python = shutil.which(context.python) or context.python
    # Not resolved: a virtual environment's python is a link to one outside it.
    yield "environment", Path(os.path.abspath(python)).parent.parent  # noqa: PTH100
    yield "data", context.data_dir
    yield "temporary files", _temporary_directory()


def _temporary_directory() -> Path:
    """Where Python would put temporary files; tempfile finds out by writing one, we do not."""
    named = (os.environ.get(name) for name in _TEMPORARY_VARIABLES)
    candidates = (*filter(None, named), *_TEMPORARY_DIRECTORIES)
    return next((Path(c) for c in candidates if os.access(c, os.W_OK | os.X_OK)), Path.cwd())
