"""GPUs as people list them: `2x RTX 3090`, or a list of them with what was read of each."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

from rigcheck.facts import Fact, Found, Gpu, GpuPair
from rigcheck.gpu.numbers import ANCESTORS
from rigcheck.ingest.outline import Node

_MOST_GPUS = 64
_MIB = 1024 * 1024
_COUNT = re.compile(r"(?:(\d{1,2}) ?[x×] ?)(?=\D)|(?: [x×] ?(\d{1,2})$)")
_NAME = re.compile(
    r"(?:NVIDIA |GeForce |Tesla |Quadro |GTX |RTX |TITAN|Titan|[AHLTVPKB]\d{1,3}\w?\b"
    r"|GH?B\d|\d{4}\b|Jetson)",
)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,3})?")
_FLOATS = {
    "power limit w": "power_limit_w",
    "power limit default w": "power_limit_default_w",
    "power limit max w": "power_limit_max_w",
    "power limit min w": "power_limit_min_w",
    "power reading w": "power_w",
    "power w": "power_w",
    "power draw w": "power_w",
    "temperature": "temperature_c",
    "temperature c": "temperature_c",
}
_INTEGERS = {
    "sm clock mhz": "sm_clock_mhz",
    "sm clock max mhz": "sm_clock_max_mhz",
    "graphics clock mhz": "graphics_clock_mhz",
    "graphics clock max mhz": "graphics_clock_max_mhz",
    "memory clock mhz": "memory_clock_mhz",
    "link gen": "pcie_generation_now",
    "link width": "pcie_width_now",
    "link gen max": "pcie_generation_max",
    "link width max": "pcie_width_max",
}
_MEBIBYTES = {"memory mib": "memory_total_bytes", "memory used mib": "memory_used_bytes"}
_ANSWERS = {"mig": "mig_enabled", "persistence mode": "persistence_mode", "ecc": "ecc_enabled"}
_REASONS = {
    "sw power cap": "power cap",
    "power cap": "power cap",
    "hw slowdown": "hardware slowdown",
    "sw thermal slowdown": "software thermal slowdown",
    "hw thermal slowdown": "hardware thermal slowdown",
    "thermal slowdown": "software thermal slowdown",
    "power brake": "power brake",
    "hw power brake slowdown": "power brake",
}
_BETWEEN = {
    word: ANCESTORS[number]
    for word, number in (("PIX", 10), ("PXB", 20), ("PHB", 30), ("NODE", 40), ("SYS", 50))
}
"""`nvidia-smi topo -m` in the words of its legend; NV# is told by the links themselves."""


def gpus_of(node: Node) -> tuple[Gpu, ...]:
    """Those of a line, or of a list below it."""
    if node.children:
        told = (_listed(lines) for lines in _things(node.children))
    else:
        words = node.items or [node.value]
        told = (_named(word, node.source) for word in words)
    gpus = itertools.islice(itertools.chain.from_iterable(told), _MOST_GPUS)
    return tuple(
        Gpu(index=index, **{f: v for f, v in known.items() if f != "index"})
        for index, known in enumerate(gpus)
    )


def pairs_of(node: Node) -> tuple[GpuPair, ...]:
    """`GPU0-GPU1: PXB`, one a line."""
    pairs = (
        (match, child)
        for child in node.children
        if (match := re.fullmatch(r"gpu ?(\d{1,2}) gpu ?(\d{1,2})", child.key))
    )
    return tuple(
        pair(int(match[1]), int(match[2]), child.value, child.source)
        for match, child in itertools.islice(pairs, _MOST_GPUS**2)
    )


def pair(first: int, second: int, word: str, source: str) -> GpuPair:
    """Two GPUs by nvidia-smi's numbers, and how its table of topology joins them."""
    nothing = Gpu(index=0).name
    joined: Fact[str] = Found(_BETWEEN[word], source) if word in _BETWEEN else nothing
    return GpuPair(
        first=f"GPU {first}",
        second=f"GPU {second}",
        common_ancestor=joined,
        p2p_read=nothing,
        p2p_write=nothing,
    )


def _things(lines: list[Node]) -> Iterator[list[Node]]:
    """The lines of each thing in a list: a dash begins it."""
    thing: list[Node] = []
    for line in lines:
        if line.starts_item and thing:
            yield thing
            thing = []
        thing.append(line)
    yield thing


def _named(words: str, source: str) -> Iterator[dict[str, Fact[Any]]]:
    """`2x NVIDIA RTX 3090`; what is no name of NVIDIA's is nothing."""
    count = _COUNT.search(words)
    name = _COUNT.sub("", words, count=1).strip(" .,;") if count else words.strip(" .,;")
    name = re.split(r"[,;(]|\s+(?:with|and|\+)\s+|\s\d{1,3} ?GB", name)[0].strip()
    if not _NAME.search(name) or len(name) > 60:  # noqa: PLR2004 -- a name, no sentence
        return
    times = int(count[1] or count[2]) if count else 1
    yield from itertools.repeat({"name": Found(name, source)}, min(times, _MOST_GPUS))


def _listed(lines: list[Node]) -> Iterator[dict[str, Fact[Any]]]:
    told = {line.key: line for line in lines}
    if "name" not in told:
        return
    known: dict[str, Fact[Any]] = {"name": Found(told["name"].value, told["name"].source)}
    known |= _figures(told)
    count = told["count"].value if "count" in told else "1"
    times = int(count) if re.fullmatch(r"\d{1,2}", count) else 1
    yield from itertools.repeat(known, times)


def _figures(told: dict[str, Node]) -> dict[str, Fact[Any]]:
    known: dict[str, Fact[Any]] = {}
    for key, line in told.items():
        match = _NUMBER.match(line.value)
        if match and key in _FLOATS:
            known[_FLOATS[key]] = Found(float(match.group()), line.source)
        elif match and key in _INTEGERS:
            known[_INTEGERS[key]] = Found(int(float(match.group())), line.source)
        elif match and key in _MEBIBYTES:
            known[_MEBIBYTES[key]] = Found(int(float(match.group()) * _MIB), line.source)
        elif key in _ANSWERS and line.value.lower() in ("true", "false"):
            known[_ANSWERS[key]] = Found(line.value.lower() == "true", line.source)
        elif key == "compute capability" and re.fullmatch(r"\d{1,2}\.\d", line.value):
            known["compute_capability"] = line.found()
    answered = [line for key, line in told.items() if key in _REASONS]
    if answered:
        reasons = tuple(_REASONS[line.key] for line in answered if line.value.lower() == "true")
        known["clocks_event_reasons"] = Found(reasons, answered[0].source)
    return known
