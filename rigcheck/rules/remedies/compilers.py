"""What keeps a framework from compiling, and how each distribution mends it."""

import enum
import shlex
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from rigcheck import versions
from rigcheck.facts import Rig, value_of
from rigcheck.findings import Remedy
from rigcheck.rules.remedies.kernel_module import distribution_family
from rigcheck.rules.remedies.python_packages import installer_for

_WITHOUT = "Training works without torch.compile: leave it out, or set TORCHDYNAMO_DISABLE=1"


class Cause(enum.Enum):
    """One thing that a compiler lacks."""

    NO_COMPILER = "there is no C++ compiler"
    NO_HEADER = "there is no Python.h"
    NO_TRITON = "Triton is missing or cannot be imported"
    OLD_GPU = "Triton does not support so old a GPU"
    PYTHON = "this torch does not compile on this Python"
    NO_LIBCUDA = "the linker does not find libcuda"
    NO_ROOM = "there is no room left for compiled code"
    NOEXEC = "the folder for compiled code is mounted noexec"
    OTHER = ""

    @property
    def words(self) -> str:
        """For a headline; empty where the error itself says all that is known."""
        return self.value

    def remedy(self, rig: Rig) -> Remedy:
        """For this machine."""
        return _REMEDIES[self](rig)


CAUSES: Mapping[str, Cause] = {
    "no-cxx-compiler": Cause.NO_COMPILER,
    "no-python-header": Cause.NO_HEADER,
    "no-triton": Cause.NO_TRITON,
    "triton-too-old": Cause.OLD_GPU,
    "python-not-for-dynamo": Cause.PYTHON,
    "no-libcuda-to-link": Cause.NO_LIBCUDA,
    "noexec": Cause.NOEXEC,
    "no-space-left": Cause.NO_ROOM,
}
"""By the symptom that it is known by."""
OF_COMPILERS_ALONE = frozenset(CAUSES) - {"noexec", "no-space-left"}
"""Symptoms that mean a compiler wherever they are met."""


def _again(rig: Rig) -> str:
    return f"rigcheck check --only compile --compile --python {installer_for(rig).python}"


def _family(rig: Rig) -> str:
    if (value_of(rig.host.distribution_id) or "").startswith("opensuse"):
        return "opensuse"
    return {"dracut": "fedora"}.get(distribution_family(rig), distribution_family(rig))


_COMPILERS = {
    "debian": "sudo apt install g++",
    "fedora": "sudo dnf install gcc-c++",
    "opensuse": "sudo zypper install gcc-c++",
    "arch": "sudo pacman -S --needed gcc",
}


def _install_compiler(rig: Rig) -> Remedy:
    command = _COMPILERS.get(_family(rig))
    return Remedy(
        text="Install a C++ compiler; one that is there under another name or beside PATH is told "
        "to torch by CXX, and to Triton by CC",
        commands=(command,) if command else (),
        verify=_again(rig),
    )


def _install_header(rig: Rig) -> Remedy:
    python = versions.minor(value_of(rig.python.version) or "3")
    commands = {
        "debian": f"sudo apt install python{python}-dev",
        "fedora": "sudo dnf install python3-devel",
        "opensuse": "sudo zypper install python3-devel",
        "arch": "sudo pacman -S --needed python",
    }
    command = commands.get(_family(rig))
    return Remedy(
        text="Install the headers of this very Python: for the distribution's own they are in a "
        "package named after its version; conda's and uv's Pythons bring them",
        commands=(command,) if command else (),
        verify=_again(rig),
    )


def _install_triton(rig: Rig) -> Remedy:
    installer = installer_for(rig)
    version = (rig.torch.known_version or "").partition("+")[0]
    torch = f"torch=={version}" if version else "torch"
    return Remedy(
        text="Install what torch asks for once more: the Triton that fits it comes with it. One of "
        "another version, put there by another package, goes first",
        commands=(installer.uninstall(["triton"]), installer.install([torch])),
        verify=_again(rig),
    )


def _leave_it_out(rig: Rig) -> Remedy:
    del rig
    return Remedy(
        text=f"{_WITHOUT}. Triton needs compute capability 7.0 (Volta) or newer",
        commands=("export TORCHDYNAMO_DISABLE=1",),
    )


def _fit_python(rig: Rig) -> Remedy:
    return Remedy(
        text="Take a newer torch, which supports this Python, or an environment with an older "
        f"Python. {_WITHOUT}",
        commands=(f"{installer_for(rig).install(['torch'])} --upgrade",),
        verify=_again(rig),
    )


def _show_libcuda(rig: Rig) -> Remedy:
    path = value_of(rig.driver.library_path)
    folder = shlex.quote(str(PurePosixPath(path).parent)) if path else "/usr/lib/x86_64-linux-gnu"
    return Remedy(
        text="Refresh the loader's list, in which Triton looks for libcuda.so.1. Older ones link "
        "against libcuda.so, a link that the driver's development package brings",
        commands=("sudo ldconfig", f"sudo ln -s libcuda.so.1 {folder}/libcuda.so"),
        verify=_again(rig),
    )


def _other_folder(rig: Rig) -> Remedy:
    return Remedy(
        text="Give compiled code a folder from which programs may run: torch.compile takes the one "
        "for temporary files unless it is told another",
        commands=(
            "mkdir -p ~/.cache/torchinductor",
            "export TORCHINDUCTOR_CACHE_DIR=~/.cache/torchinductor",
            "export TMPDIR=~/.cache/torchinductor",
        ),
        verify=_again(rig),
    )


def _make_room(rig: Rig) -> Remedy:
    return Remedy(
        text="Make room where temporary files lie, or set TMPDIR to a folder with a gigabyte",
        commands=("df -h ${TMPDIR:-/tmp}",),
        verify=_again(rig),
    )


def _see(rig: Rig) -> Remedy:
    return Remedy(
        text="Its words name what failed; with TORCH_LOGS=+inductor it tells each step. After a "
        f"time limit try it with nothing else running. {_WITHOUT}",
        commands=(f"TORCH_LOGS=+inductor {_again(rig)}",),
    )


_REMEDIES: Mapping[Cause, Callable[[Rig], Remedy]] = {
    Cause.NO_COMPILER: _install_compiler,
    Cause.NO_HEADER: _install_header,
    Cause.NO_TRITON: _install_triton,
    Cause.OLD_GPU: _leave_it_out,
    Cause.PYTHON: _fit_python,
    Cause.NO_LIBCUDA: _show_libcuda,
    Cause.NO_ROOM: _make_room,
    Cause.NOEXEC: _other_folder,
    Cause.OTHER: _see,
}
