"""Loading and closing NVML; what its calls mean is tested through the probe."""

import json
import os
import subprocess
import sys
from pathlib import Path

from rigcheck import nvml
from rigcheck.facts import Absent, Failed, Reason
from rigcheck.nvml_library import LIBRARY
from rigcheck.nvml_refusal import parse_loader_error
from tests.nvml.fake import FakeNvml


def said_by(code: str, environment: dict[str, str]) -> object:
    """What `code` prints as JSON in a process of its own, where the fake library is loaded."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_a_library_that_is_nowhere_is_not_there(tmp_path: Path) -> None:
    library = str(tmp_path / "libnvidia-ml.so.1")
    assert nvml.load(library) == Absent(
        Reason.NOT_THERE,
        f"dlopen {library}",
        f"{library}: cannot open shared object file: No such file or directory",
    )


def test_a_truncated_library_has_failed_in_the_loaders_words(tmp_path: Path) -> None:
    library = tmp_path / "libnvidia-ml.so.1"
    library.write_bytes(b"\x7fELF")
    assert nvml.load(str(library)) == Failed(f"{library}: file too short", f"dlopen {library}")


def test_a_library_that_lacks_a_dependency_is_there_and_fails() -> None:
    text = "libdl.so.9: cannot open shared object file: No such file or directory"
    assert parse_loader_error(text, LIBRARY) == Failed(text, "dlopen libnvidia-ml.so.1")


def test_nvml_is_shut_down_even_when_the_work_raises(fake_nvml: FakeNvml) -> None:
    code = """
import json
from rigcheck import nvml
from rigcheck.gpu import driver
nvml.load()
try:
    with nvml.initialised() as refusal:
        inside = driver.gpu_count().value
        raise ZeroDivisionError
except ZeroDivisionError:
    pass
print(json.dumps([inside, driver.gpu_count().error]))
"""
    assert said_by(code, fake_nvml("rtx-4090")) == [1, "Uninitialized"]


def test_a_shutdown_that_fails_spoils_nothing(fake_nvml: FakeNvml) -> None:
    code = """
import json
from rigcheck import nvml
from rigcheck.gpu import driver
nvml.load()
with nvml.initialised():
    count = driver.gpu_count().value
print(json.dumps(count))
"""
    assert said_by(code, fake_nvml("rtx-4090", "system fail nvmlShutdown 999")) == 1
