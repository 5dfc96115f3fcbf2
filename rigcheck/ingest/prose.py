"""What people write themselves: `GPU: RTX 3090, driver 535.54, torch 2.1.0+cu121`.

Also the blanks of issue forms, ` - PyTorch Version (e.g., 1.0): 1.3.1`, and simple lists of facts.
It is the least direct of all, so everything that a tool printed counts before it.
"""

import itertools
import re
from collections.abc import Callable
from typing import Any

from rigcheck.facts import (
    Fact,
    Found,
    Gpu,
    Host,
    Nvml,
    PythonEnv,
    Rig,
    Toolkit,
    Torch,
)
from rigcheck.ingest.merge import merge
from rigcheck.ingest.systems import host_of_name
from rigcheck.ingest.text import Text

# Between a name and its version: `: `, ` == `, ` version `, ` (e.g., 1.0): `, quotes.
_IS = (
    r"[ \t]{0,4}(?:version)?[ \t]{0,4}(?:\([^)\n]{0,40}\))?[ \t]{0,4}(?:[:=]{1,2}|is|\|)?"
    r"[ \t]{0,4}[`'\"v*]{0,3}"
)
_TWO, _THREE = r"\d{1,2}\.\d{1,2}", r"\d{1,3}\.\d{1,3}(?:\.\d{1,4})?"
_LOCAL = r"(?:\+(?:cu\d{2,3}|cpu|rocm[\d.]{1,6}))?"


def _version(names: str, version: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w./-]){names}{_IS}({version})(?![\w.]*\d)", re.IGNORECASE)


_DRIVER = _version(r"(?:nvidia[ -]?)?driver(?:_version)?", r"\d{3}\.\d{1,3}(?:\.\d{1,3})?")
_DRIVER_CUDA = _version("driver_cuda", _TWO)
_TORCH = _version("(?:py)?torch", rf"\d\.\d{{1,2}}(?:\.\d{{1,2}})?{_LOCAL}")
_TORCH_PRINTED = re.compile(
    rf"torch\.__version__[)\"' \t]{{0,6}}[:=]?\s{{1,3}}[\"']?(\d\.\d{{1,2}}\.\d{{1,2}}{_LOCAL})"
)
_VISION = _version("torchvision", rf"0\.\d{{1,2}}(?:\.\d{{1,2}})?{_LOCAL}")
_CUDA_OF_TORCH = _version(r"torch(?:_cuda|\.version\.cuda)", _THREE)
_PYTHON = _version("python", r"[23]\.\d{1,2}(?:\.\d{1,2})?")
_NVCC = _version("nvcc", _THREE)
_GLIBC = _version("glibc[- ]", r"2\.\d{1,2}")
_AVAILABLE = re.compile(
    r"cuda[._ ](?:is_)?available(?:\(\))?[ \t]{0,4}(?:[:=]|is|returns)?[ \t]{0,4}(true|false)",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"(?<!\w)(?:Ubuntu|Debian(?: GNU/Linux)?|Fedora(?: Linux)?|CentOS(?: Linux)?|Rocky Linux"
    r"|AlmaLinux|Arch Linux|openSUSE \w{2,12}|Linux Mint|Pop!_OS|Windows)(?: release)?"
    r"[ -]\d{1,2}(?:\.\d{1,2}){0,2}(?: LTS)?"
)
_CARDS = (
    (
        r"(?:GeForce )?(?:GTX|RTX) ?(?:TITAN(?: X)?|A?\d{3,4})(?: ?Ti)?(?: SUPER)?(?: Ada)?"
        r"(?: Laptop GPU| Mobile)?"
    ),
    r"RTX PRO \d{4} Blackwell",
    r"TITAN (?:Xp|X|V|RTX)",
    r"Tesla [KMPVT]\d{1,3}m?(?:-\w{3,6}-\d{2}GB)?",
    r"Quadro (?:RTX )?[KMPGTV]{0,2}\d{3,4}",
    r"[AH]100(?:[- ](?:PCIe|SXM\d?))?(?:[- ]\d{2}GB)?",
    r"Jetson (?:(?:AGX |Orin |Xavier )?(?:Nano|TX1|TX2|Orin|Xavier|Thor)(?: NX| Nano| Super)?)",
    r"H200|B[23]00|GB10|GB[23]00|V100|P100|L40S?|L4|A10|A40|T4",
)
_GPU = re.compile(rf"(?<![\w-])(?P<gpu>(?:NVIDIA )?(?:{'|'.join(_CARDS)}))(?![\w-])", re.IGNORECASE)
_SLICE = re.compile(r"(?<![a-z])MIG[- ]\d{1,2}g\.\d{1,3}gb", re.IGNORECASE)
_LISTED = re.compile(r"^[ \t-]{0,8}name: ['\"]?(?P<gpu>[^\n'\"]{2,60})", re.MULTILINE)
_WISH = re.compile(r"\binstall\b|requirement|distribution|requires|depends|upgrade to")
_MOST_PLACES = 64
_MOST_GPUS = 16
_MOST_CHARACTERS = 65_536
"""What an issue of GitHub may hold."""


def parse_prose(text: Text) -> Rig:
    """Versions beside the names of what they are of, and the GPU if only one kind is named."""
    written = Text(text.content[:_MOST_CHARACTERS])
    return merge(parse(written) for parse in _PARSERS)


def _driver(text: Text) -> Rig:
    match = _DRIVER.search(text.content)
    cuda = _DRIVER_CUDA.search(text.content)
    known: dict[str, Fact[Any]] = {}
    if match:
        known["driver_version"] = text.found(match[1], match)
    if cuda:
        known["cuda_version"] = text.found(cuda[1], cuda)
    return Rig(nvml=Nvml(**known))


def _torch(text: Text) -> Rig:
    known: dict[str, Fact[Any]] = {}
    if match := _installed(text, _TORCH) or _TORCH_PRINTED.search(text.content):
        version = text.found(match[1], match)
        known |= {"installed_version": version, "version": version}
        known |= _variant(text, match)
    if match := _installed(text, _VISION):
        known["torchvision_installed_version"] = text.found(match[1], match)
    if match := _CUDA_OF_TORCH.search(text.content):
        known["cuda_built_version"] = text.found(match[1], match)
    if match := _AVAILABLE.search(text.content):
        known["cuda_available"] = text.found(match[1].lower() == "true", match)
    return Rig(torch=Torch(**known))


def _installed(text: Text, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """The first that is no wish: what pip is told to install may not be what there is."""
    for match in itertools.islice(pattern.finditer(text.content), _MOST_PLACES):
        line_start = text.content.rfind("\n", 0, match.start()) + 1
        if not _WISH.search(text.content, max(line_start, match.start() - 200), match.start()):
            return match
    return None


def _variant(text: Text, match: re.Match[str]) -> dict[str, Fact[Any]]:
    local = match[1].partition("+")[2]
    if local == "cpu":
        return {"cuda_built_version": text.not_there(match, "a CPU build")}
    if local.startswith("cu"):
        return {"cuda_built_version": text.found(f"{local[2:-1]}.{local[-1]}", match)}
    return {}


def _python(text: Text) -> Rig:
    match = _PYTHON.search(text.content)
    return Rig(python=PythonEnv(version=text.found(match[1], match))) if match else Rig()


def _toolkit(text: Text) -> Rig:
    match = _NVCC.search(text.content)
    return Rig(toolkit=Toolkit(nvcc_version=text.found(match[1], match))) if match else Rig()


def _host(text: Text) -> Rig:
    system, glibc = _SYSTEM.search(text.content), _GLIBC.search(text.content)
    host = host_of_name(text.found(system.group(), system)) if system else Host()
    libc = Host(glibc_version=text.found(glibc[1], glibc)) if glibc else Host()
    return merge((Rig(host=host), Rig(host=libc)))


def _gpus(text: Text) -> Rig:
    """Those named in a list of them; else one kind only: of several, which is built in?"""
    found = [m for m in _LISTED.finditer(text.content) if _GPU.match(m["gpu"])]
    if not found:
        named = {" ".join(m["gpu"].lower().split()): m for m in _GPU.finditer(text.content)}
        found = list(named.values()) if len(named) == 1 else []
    if not found:
        return _slice(text)
    told = [(m["gpu"], text.source(*m.span())) for m in found]
    gpus = tuple(
        Gpu(index=index, name=Found(name.strip(), source))
        for index, (name, source) in enumerate(told[:_MOST_GPUS])
    )
    return Rig(nvml=Nvml(gpus=Found(gpus, told[0][1])))


def _slice(text: Text) -> Rig:
    """`NVIDIA-A100-SXM4-80GB-MIG-3g.40gb`, as Kubernetes names a part of a GPU."""
    match = _SLICE.search(text.content)
    if match is None:
        return Rig()
    gpu = Gpu(index=0, mig_enabled=text.found(True, match))
    return Rig(nvml=Nvml(gpus=Found((gpu,), gpu.mig_enabled.source)))


_PARSERS: tuple[Callable[[Text], Rig], ...] = (_driver, _torch, _python, _toolkit, _host, _gpus)
