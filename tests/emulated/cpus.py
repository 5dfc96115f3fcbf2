"""Interpreters on other CPUs, by qemu-user: the instructions they lack are truly not there."""

import platform
import shutil
from pathlib import Path

import pytest

QEMU = "qemu-x86_64"


def python_on(cpu: str, python: str, folder: Path) -> str:
    """An executable that runs `python` on an emulated CPU. Skips where there is no emulator.

    Args:
        cpu: as qemu names it: `Conroe` (Core 2), `Nehalem` (no AVX), `Opteron_G5` (no AVX2).
        python: the interpreter.
        folder: where the executable is put.
    """
    if shutil.which(QEMU) is None:
        pytest.skip(f"{QEMU} is not installed (Debian: apt install qemu-user)")
    if platform.machine() != "x86_64":
        pytest.skip("the interpreter at hand is not one for x86-64")
    script = folder / f"python-{cpu}"
    script.write_text(f'#!/bin/sh\nexec {QEMU} -cpu {cpu} "{python}" "$@"\n')
    script.chmod(0o755)
    return str(script)
