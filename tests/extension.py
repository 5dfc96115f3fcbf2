"""Extension modules compiled for a test: real code that dies in real ways when it is imported."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

_SOURCE = """
#define _GNU_SOURCE
#include <Python.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct PyModuleDef definition = {{PyModuleDef_HEAD_INIT, "{name}"}};

PyMODINIT_FUNC PyInit_{name}(void) {{
    {body}
    return PyModule_Create(&definition);
}}
"""
BODIES = {
    "SIGSEGV": "*(volatile int *)8 = 1;",
    "SIGBUS": """
        FILE *file = tmpfile();
        char *there = mmap(0, 4096, PROT_READ, MAP_PRIVATE, fileno(file), 0);
        volatile char nothing = *there; (void)nothing;""",
    "SIGILL": '__asm__ volatile ("ud2");',
    "SIGABRT": "abort();",
    "SIGFPE": "raise(SIGFPE);",
    "SIGKILL": "kill(getpid(), SIGKILL);",
}
"""What each module does on import, by the signal that it dies of."""


def compile_extension(folder: Path, name: str, body: str) -> None:
    """Leaves `name` in `folder`, to be imported from there. Skips where there is no compiler."""
    compiler, include = shutil.which("cc"), sysconfig.get_path("include")
    if compiler is None or not Path(include, "Python.h").exists():
        pytest.skip("no C compiler, or no Python.h, to make an extension module with")
    source, built = folder / f"{name}.c", folder / f"{name}.so"
    source.write_text(_SOURCE.format(name=name, body=body))
    command = [compiler, "-shared", "-fPIC", f"-I{include}", str(source), "-o", str(built)]
    subprocess.run(command, check=True)
