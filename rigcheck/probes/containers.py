"""Which container this runs in, if any.

No one sign is left by all: podman writes no /.dockerenv, and with cgroup version 2 a container's
own /proc/self/cgroup says `0::/`. So several are looked for, the most exact first.
"""

import os
import re
from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Reason, value_of
from rigcheck.probes.mounts import mount_of, read_mounts
from rigcheck.probes.probe import read_text

_MARKERS = (
    ("run/.containerenv", "podman"),
    (".dockerenv", "docker"),
    (".singularity.d", "apptainer"),
)
# By whom the layers are kept that the root filesystem is made of.
_LAYER_STORES = (
    ("/docker/", "docker"),
    ("/containers/storage/", "podman"),
    ("io.containerd.", "containerd"),
)
# A service like /system.slice/docker.service is no container: those have an id of 64 digits.
_GROUPS = (
    (re.compile(r"/kubepods"), "kubernetes"),
    (re.compile(r"/docker[-/][0-9a-f]{64}"), "docker"),
    (re.compile(r"/libpod-[0-9a-f]{64}"), "podman"),
    (re.compile(r"/lxc(/|\.payload\.)"), "lxc"),
)
_NOT_A_CONTAINER = "wsl"
"""systemd counts WSL among the containers; here it is a fact of its own."""


def read_container(root: Path) -> Fact[str]:
    """The innermost kind: `kubernetes`, `docker`, `podman`, `lxc`, `systemd-nspawn`."""
    signs = (_kubernetes, _marker, _named_by_manager, _lxcfs, _layers, _cgroup)
    for sign in signs:
        container = sign(root)
        if container is not None:
            return container
    return Absent(Reason.NOT_THERE, "marker files, /proc/1/environ, mounts and cgroup")


def parse_environ(text: str, name: str) -> str:
    """One variable of a /proc/PID/environ, "" where it is not set."""
    variables = dict(entry.partition("=")[::2] for entry in text.split("\0"))
    return variables.get(name, "")


def container_of_cgroup(text: str) -> str | None:
    """The container whose manager made this cgroup path."""
    return next((name for pattern, name in _GROUPS if pattern.search(text)), None)


def _kubernetes(root: Path) -> Found[str] | None:
    if "KUBERNETES_SERVICE_HOST" in os.environ:
        return Found("kubernetes", "KUBERNETES_SERVICE_HOST")
    secrets = root / "var/run/secrets/kubernetes.io"
    return Found("kubernetes", str(secrets)) if secrets.exists() else None


def _marker(root: Path) -> Found[str] | None:
    there = ((root / path, name) for path, name in _MARKERS if (root / path).exists())
    return next((Found(name, str(path)) for path, name in there), None)


def _named_by_manager(root: Path) -> Found[str] | None:
    """What systemd wrote down, or what the first process was told (root may read that)."""
    systemd = read_text(root / "run/systemd/container")
    first = read_text(root / "proc/1/environ")
    told = parse_environ(first.value, "container") if isinstance(first, Found) else ""
    for name, source in ((value_of(systemd) or "", systemd.source), (told, first.source)):
        if name and name != _NOT_A_CONTAINER:
            return Found(name, source)
    return None


def _lxcfs(root: Path) -> Found[str] | None:
    """LXC lays its own view of /proc/meminfo over the kernel's; its host has lxcfs elsewhere."""
    mounts = read_mounts(root)
    over = mount_of("/proc/meminfo", mounts.value) if isinstance(mounts, Found) else None
    if over is None or over.kind != "fuse.lxcfs":
        return None
    return Found("lxc", f"{mounts.source}: fuse.lxcfs on /proc/meminfo")


def _layers(root: Path) -> Found[str] | None:
    mounts = read_mounts(root)
    ground = mount_of("/", mounts.value) if isinstance(mounts, Found) else None
    if ground is None or ground.kind != "overlay":
        return None
    store = next((name for path, name in _LAYER_STORES if path in ground.options), None)
    return None if store is None else Found(store, f"{mounts.source}: overlay on /")


def _cgroup(root: Path) -> Found[str] | None:
    text = read_text(root / "proc/self/cgroup")
    name = container_of_cgroup(text.value) if isinstance(text, Found) else None
    return None if name is None else Found(name, text.source)
