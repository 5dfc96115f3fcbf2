"""detectron2's `collect_env`, a table of two columns, also as projects built on it print it.

```
----------------------  -----------------------------------------
Python                  3.6.10
detectron2              0.2.1 @/opt/…/detectron2
CUDA compiler           CUDA 10.2
detectron2 arch flags   7.5
PyTorch                 1.5.0 @/opt/…/torch
GPU 0,1                 GeForce GTX TITAN X (arch=5.2)
```
Source of the form: detectron2/utils/collect_env.py.
"""

import itertools
import re
from typing import Any

from rigcheck.facts import (
    Extension,
    Fact,
    Found,
    Frameworks,
    Gpu,
    Nvml,
    PythonEnv,
    Rig,
    Torch,
)
from rigcheck.ingest.text import Text

_ROW = re.compile(
    r"^[ \t|]{0,8}(?P<key>[A-Za-z]\w*(?: [\w,]{1,24}){0,3}?)(?: {2,40}| ?\t ?)"
    r"(?P<value>\S[^\n]{0,200})$",
    re.MULTILINE,
)
_MARKS = ("arch flags", "GPU available", "PyTorch debug build")
_MOST_ROWS = 400
_MOST_GPUS = 64
_NUMBER = re.compile(r"\d+(?:\.\d+)+(?:[a-z]{1,3}\d{1,8})?(?:\+\w{1,20})?")
_GPU = re.compile(r"(?P<name>[^(\n]{2,80}?) ?\(arch=(?P<capability>\d{1,2}\.\d)\)")
_FLAG = re.compile(r"\d{1,2}\.\d")
_OF_TORCH = "torchvision"


def parse_env_table(text: Text) -> Rig:
    """Versions, GPUs with their capability, and the code in the extension."""
    if not text.has(*_MARKS):
        return Rig()
    rows: dict[str, Found[str]] = {}
    for match in itertools.islice(_ROW.finditer(text.content), _MOST_ROWS):
        rows.setdefault(match["key"], text.found(match["value"].strip(), match))
    gpus = _gpus(rows)
    extensions = _extensions(rows)
    return Rig(
        python=PythonEnv(**_numbers(rows, {"Python": "version"})),
        torch=_torch(rows),
        nvml=Nvml(gpus=Found(gpus, gpus[0].name.source)) if gpus else Nvml(),
        frameworks=Frameworks(extensions=Found(extensions, extensions[0].arch_list.source))
        if extensions
        else Frameworks(),
    )


def _numbers(rows: dict[str, Found[str]], fields: dict[str, str]) -> dict[str, Fact[Any]]:
    return {
        field: Found(match.group(), rows[key].source)
        for key, field in fields.items()
        if key in rows and (match := _NUMBER.match(rows[key].value))
    }


def _torch(rows: dict[str, Found[str]]) -> Torch:
    known = _numbers(rows, {"PyTorch": "version", "torchvision": "torchvision_installed_version"})
    if "version" in known:
        known["installed_version"] = known["version"]
    answer = rows.get("GPU available")
    if answer is not None and answer.value.split()[0] in ("True", "Yes", "False", "No"):
        known["cuda_available"] = Found(answer.value.startswith(("True", "Yes")), answer.source)
    return Torch(**known)


def _gpus(rows: dict[str, Found[str]]) -> tuple[Gpu, ...]:
    """`GPU 0,1`: alike ones are in one row."""
    told: dict[int, Gpu] = {}
    for key, row in rows.items():
        match = _GPU.match(row.value)
        if match is None or not re.fullmatch(r"GPU [\d,]{1,24}", key):
            continue
        for index in map(int, filter(None, key.removeprefix("GPU ").split(","))):
            told[index] = Gpu(
                index=index,
                name=Found(match["name"], row.source),
                compute_capability=Found(match["capability"], row.source),
            )
    return tuple(told[index] for index in sorted(told)[:_MOST_GPUS])


def _extensions(rows: dict[str, Found[str]]) -> tuple[Extension, ...]:
    found: list[Extension] = []
    for key, row in rows.items():
        name = key.removesuffix(" arch flags")
        flags = _FLAG.findall(row.value)
        if name in (key, _OF_TORCH) or not flags:
            continue
        codes = tuple(f"sm_{flag.replace('.', '')}" for flag in flags)
        version = _numbers(rows, {name: "version"})
        found.append(Extension(name=name, arch_list=Found(codes, row.source), **version))
    return tuple(found)
