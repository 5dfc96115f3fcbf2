"""Builds a machine's /proc, /sys and /etc in a temporary directory."""

from collections.abc import Iterable, Mapping
from pathlib import Path

MACHINES = Path(__file__).parent / "machines"


def write_tree(root: Path, files: Mapping[str, str]) -> Path:
    """Writes each text at its path below `root`, which it returns."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def write_link(root: Path, name: str, target: str) -> None:
    """A symbolic link, as sysfs and library directories are full of."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def recorded(name: str) -> str:
    """The text of a recorded machine; where it is from is in the README beside it."""
    return (MACHINES / name).read_text()


def topology(cores: Iterable[tuple[int, ...]], sockets: Iterable[str] = ()) -> dict[str, str]:
    """The CPUs' files in sysfs; a socket is a list as the kernel prints it, `0-3`."""
    cores = tuple(cores)
    cpus = sorted(cpu for core in cores for cpu in core)
    directory = "sys/devices/system/cpu"
    files = {f"{directory}/online": f"{cpus[0]}-{cpus[-1]}\n"}
    for core in cores:
        siblings = ",".join(str(cpu) for cpu in core)
        for cpu in core:
            files[f"{directory}/cpu{cpu}/topology/core_cpus_list"] = f"{siblings}\n"
    for socket in sockets or (f"{cpus[0]}-{cpus[-1]}",):
        first, last = (int(end) for end in socket.split("-"))
        for cpu in range(first, last + 1):
            files[f"{directory}/cpu{cpu}/topology/package_cpus_list"] = f"{socket}\n"
    return files
