"""`--nvml-library`, from the command line to the report."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.nvml.fake import FakeNvml


def gpus_told(home: Path, environment: dict[str, str], *options: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "rigcheck", "check", "--only", "nvml", "--json", *options],
        env=os.environ | {"XDG_DATA_HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout)["rig"]["nvml"]["gpus"]


def test_the_named_library_is_asked(tmp_path: Path, fake_nvml: FakeNvml) -> None:
    environment = fake_nvml("two-unlike")
    library = environment.pop("LD_LIBRARY_PATH").partition(":")[0] + "/libnvidia-ml.so.1"
    gpus = gpus_told(tmp_path, environment, "--nvml-library", library)
    names = [gpu["name"]["value"] for gpu in gpus["value"]]
    assert names == ["NVIDIA GeForce GTX 960", "NVIDIA GeForce RTX 4090"]


def test_a_named_library_that_is_not_there_is_the_reason(tmp_path: Path) -> None:
    library = str(tmp_path / "libnvidia-ml.so.1")
    gpus = gpus_told(tmp_path, {}, "--nvml-library", library)
    assert (gpus["state"], gpus["reason"], gpus["source"]) == (
        "absent",
        "not there",
        f"dlopen {library}",
    )
