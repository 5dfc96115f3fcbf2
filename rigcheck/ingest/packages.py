"""Installed packages: `pip list`, `pip freeze`, `pip show`, `conda list`, collect_env's lists."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

from rigcheck.facts import Absent, Distribution, Fact, Found, PythonEnv, Reason, Rig, Torch
from rigcheck.ingest.text import Text

_NAME, _VERSION = r"(?P<name>[A-Za-z][\w.-]{0,80})", r"(?P<version>\d[\w.+!-]{0,60})"
# `torch==2.1.0` alone on its line: in a command or an error it is what somebody wanted.
_FROZEN = re.compile(
    rf"(?:^[ \t]*|\[pip3?\] ){_NAME}=={_VERSION}(?=[ \t]*$|[ \t]+\[(?:pip|conda))", re.MULTILINE
)
_TAGGED = re.compile(
    rf"\[(?:pip3?|conda)\] {_NAME}[ \t]+{_VERSION}(?:[ \t]+(?P<build>\S{{1,80}}))?"
)
_SHOWN = re.compile(rf"^Name: {_NAME}\nVersion: {_VERSION}", re.MULTILINE)
_LIST_HEAD = re.compile(
    r"^(?:Package +Version.*\n-{3,}[- ]*|# +Name +Version +Build.*)$", re.MULTILINE
)
_LIST_ROW = re.compile(rf"[ \t]*{_NAME}[ \t]+{_VERSION}(?:[ \t]+(?P<build>\S{{1,80}}))?.*")
_BUILD_CUDA = re.compile(r"cuda_?(\d{2})(\d)|cuda(\d{1,2}\.\d)")
_MOST = 1_000
_MOST_ROWS = 4_000
_CONDA_HEAD = re.compile(r"^# packages in environment at ([^\n:]{1,300}):?$", re.MULTILINE)


def parse_packages(text: Text) -> Rig:
    """Everything listed; torch and torchvision also as what is installed of them."""
    packages: dict[str, re.Match[str]] = {}
    for match in itertools.islice(_rows(text), _MOST_ROWS):
        name = _normalised(match["name"])
        packages.setdefault({"pytorch": "torch"}.get(name, name), match)
        if len(packages) >= _MOST:
            break
    if not packages:
        return Rig()
    found = tuple(
        Distribution(name=name, version=match["version"]) for name, match in packages.items()
    )
    source = text.source(*next(iter(packages.values())).span())
    return Rig(python=_python(text, Found(found, source)), torch=_torch(text, packages))


def _rows(text: Text) -> Iterator[re.Match[str]]:
    for words, pattern in (("==", _FROZEN), ("[", _TAGGED), ("Name: ", _SHOWN)):
        if text.has(words):
            yield from pattern.finditer(text.content)
    if not text.has("Package ", "Name "):
        return
    for head in _LIST_HEAD.finditer(text.content):
        start = head.end() + 1
        while match := _LIST_ROW.match(text.content, start):
            yield match
            start = match.end() + 1


def _python(text: Text, packages: Found[tuple[Distribution, ...]]) -> PythonEnv:
    conda = _CONDA_HEAD.search(text.content)
    if conda is None:
        return PythonEnv(distributions=packages)
    return PythonEnv(
        distributions=packages,
        environment=text.found("conda", conda),
        prefix=text.found(conda[1].strip(), conda),
    )


def _torch(text: Text, packages: dict[str, re.Match[str]]) -> Torch:
    known: dict[str, Fact[Any]] = {}
    for name, field in (
        ("torch", "installed_version"),
        ("torchvision", "torchvision_installed_version"),
    ):
        if match := packages.get(name):
            known[field] = text.found(match["version"], match)
    if match := packages.get("torch"):
        known |= _variant(text, match)
    return Torch(**known)


def _variant(text: Text, match: re.Match[str]) -> dict[str, Fact[Any]]:
    """The CUDA in `2.1.0+cu121`, or in conda's build `py3.10_cuda12.1_cudnn8.9.2_0`."""
    local = match["version"].partition("+")[2]
    build = (match.groupdict().get("build") or "") if "build" in match.re.groupindex else ""
    if local == "cpu" or "_cpu_" in build or build.startswith("cpu"):
        source = text.source(*match.span())
        return {"cuda_built_version": Absent(Reason.NOT_THERE, source, "a CPU build")}
    if wheel := re.fullmatch(r"cu(\d{2,3})", local):
        return {"cuda_built_version": text.found(f"{wheel[1][:-1]}.{wheel[1][-1]}", match)}
    if conda := _BUILD_CUDA.search(build):
        version = conda[3] or f"{conda[1]}.{conda[2]}"
        return {"cuda_built_version": text.found(version, match)}
    return {}


def _normalised(name: str) -> str:
    """As in PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()
