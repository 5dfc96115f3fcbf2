"""A child in the sleep that no signal ends, as a driver or a dead network disk puts it there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UNSHARE = ("unshare", "--mount", "--map-root-user")


def test_a_child_that_waits_inside_the_kernel_is_abandoned_and_told(tmp_path: Path) -> None:
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        pytest.skip("no /dev/fuse here, so no file system of our own")
    try:
        done = subprocess.run(
            [*UNSHARE, sys.executable, "-m", "tests.unanswering", str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    except FileNotFoundError:
        pytest.skip("no unshare here")
    if "Operation not permitted" in done.stderr:
        pytest.skip(f"this user may not mount: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["state"] == "D (disk sleep)"
    assert told["timed_out"]
    assert told["reason"] == (
        "no answer within 0.5 s, and it cannot be killed: it waits inside the kernel"
    )
    assert told["stage"] == "driver"
