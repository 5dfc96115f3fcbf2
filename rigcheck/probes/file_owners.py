"""Which package brought a file: pip's or conda's records, else the system's packages."""

import re
from collections.abc import Iterable
from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.probes.reading import ask_tool

_SITE = re.compile(r"^(.*/(?:site|dist)-packages)/(.+)$")
_CONDA = re.compile(r"^(.+?)/(lib/.+)$")
_SYSTEM = ("/usr/", "/lib/", "/lib64/")
_TIME_LIMIT_S = 5.0
_NO_PACKAGE = "no package's list of files has it"


def read_owners(paths: Iterable[str]) -> dict[str, Fact[str]]:
    """The package of each file, with its version where the record's name tells it."""
    wanted = set(paths)
    owners = _read_wheels(wanted)
    owners |= _read_conda(wanted - owners.keys())
    owners |= _read_system({p for p in wanted - owners.keys() if p.startswith(_SYSTEM)})
    nobody = Absent(Reason.NOT_THERE, "RECORD, conda-meta, dpkg, rpm", _NO_PACKAGE)
    return {path: owners.get(path, nobody) for path in wanted}


def _read_wheels(wanted: set[str]) -> dict[str, Fact[str]]:
    by_site: dict[str, dict[bytes, str]] = {}
    for path in wanted:
        match = _SITE.match(path)
        if match is not None:
            by_site.setdefault(match[1], {})[match[2].encode()] = path
    owners: dict[str, Fact[str]] = {}
    for site, files in by_site.items():
        owners |= _read_records(Path(site), files)
    return owners


def _read_records(site: Path, files: dict[bytes, str]) -> dict[str, Fact[str]]:
    """A record has a line a file: `nvidia/cudnn/lib/libcudnn.so.9,sha256=…,125136`."""
    left = dict(files)
    owners: dict[str, Fact[str]] = {}
    for record in sorted(site.glob("*.dist-info/RECORD"), key=_likely_first):
        if not left:
            break
        text = b"\n" + _read(record)
        for name in [n for n in left if b"\n" + n + b"," in text]:
            owners[left.pop(name)] = Found(parse_distribution(record.parent.name), str(record))
    return owners


def _likely_first(record: Path) -> tuple[bool, str]:
    """NVIDIA's wheels bring most of what is asked for, and their records are short."""
    return not record.parent.name.startswith("nvidia"), record.parent.name


def parse_distribution(folder: str) -> str:
    """`nvidia_cudnn_cu13-9.26.0.dist-info` → `nvidia-cudnn-cu13 9.26.0`."""
    name, _, version = folder.removesuffix(".dist-info").partition("-")
    return f"{name.replace('_', '-')} {version}".strip()


def _read_conda(wanted: set[str]) -> dict[str, Fact[str]]:
    """Beside `lib` there is `conda-meta`, with one JSON file a package that lists its files."""
    owners: dict[str, Fact[str]] = {}
    for path in wanted:
        match = _CONDA.match(path)
        if match is None or not (meta := Path(match[1]) / "conda-meta").is_dir():
            continue
        quoted = f'"{match[2]}"'.encode()
        for record in sorted(meta.glob("*.json")):
            if quoted in _read(record):
                owners[path] = Found(parse_conda_record(record.stem), str(record))
                break
    return owners


def parse_conda_record(stem: str) -> str:
    """`libcublas-12.4.5.8-0` → `libcublas 12.4.5.8`; the build comes last."""
    name, version, _ = (*stem.rsplit("-", 2), "", "")[:3]
    return f"{name} {version}".strip()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _read_system(wanted: set[str]) -> dict[str, Fact[str]]:
    if not wanted:
        return {}
    listed = ask_tool("dpkg-query", "--search", *_spellings(wanted), timeout_s=_TIME_LIMIT_S)
    if isinstance(listed, Found):
        owned = parse_dpkg(listed.value, wanted)
        return {path: Found(name, "dpkg-query --search") for path, name in owned.items()}
    return dict(_ask_rpm(wanted))


def _spellings(paths: Iterable[str]) -> list[str]:
    """Where /lib is a link to /usr/lib, packages may name a file by either."""
    return sorted({*paths, *(path.removeprefix("/usr") for path in paths)})


def parse_dpkg(text: str, wanted: Iterable[str]) -> dict[str, str]:
    """Of lines such as `libgomp1:amd64: /usr/lib/x86_64-linux-gnu/libgomp.so.1.0.0`."""
    lines = (line.partition(": ") for line in text.splitlines())
    named = {path: name for name, colon, path in lines if colon}
    found = {p: named.get(p) or named.get(p.removeprefix("/usr")) for p in wanted}
    return {path: name.partition(":")[0] for path, name in found.items() if name}


def _ask_rpm(wanted: set[str]) -> Iterable[tuple[str, Fact[str]]]:
    for path in wanted:
        told = ask_tool("rpm", "-qf", "--qf", "%{NAME} %{VERSION}", path, timeout_s=_TIME_LIMIT_S)
        if isinstance(told, Found):
            yield path, told
