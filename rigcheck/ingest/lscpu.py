"""`lscpu`, also as collect_env copies it, with or without its line breaks."""

from typing import Any

from rigcheck.facts import Cpu, Fact, Found, Host, Rig
from rigcheck.ingest.cpu_flags import cpu_of_flags
from rigcheck.ingest.keys import KeyedText
from rigcheck.ingest.merge import merge
from rigcheck.ingest.text import Text

_KEYS = (
    "Architecture",
    "CPU op-mode(s)",
    "Address sizes",
    "Byte Order",
    "CPU(s)",
    "On-line CPU(s) list",
    "Vendor ID",
    "BIOS Vendor ID",
    "Model name",
    "BIOS Model name",
    "CPU family",
    "Model",
    "Thread(s) per core",
    "Core(s) per socket",
    "Core(s) per cluster",
    "Socket(s)",
    "Cluster(s)",
    "NUMA node(s)",
    "Stepping",
    "CPU MHz",
    "CPU max MHz",
    "CPU min MHz",
    "CPU(s) scaling MHz",
    "Frequency boost",
    "BogoMIPS",
    "Virtualization",
    "Hypervisor vendor",
    "Virtualization type",
    "L1d cache",
    "L1i cache",
    "L2 cache",
    "L3 cache",
    "NUMA node0 CPU(s)",
    "Flags",
    "Vulnerability Gather data sampling",
    "Vulnerability Itlb multihit",
    "Vulnerability L1tf",
    "Versions of relevant libraries",
)


def parse_lscpu(text: Text) -> Rig:
    """Model, counts, flags and hypervisor."""
    if not text.has("Architecture", "Model name"):
        return Rig()
    keyed = KeyedText(text, _KEYS)
    if keyed.value("Architecture") is None and keyed.value("Model name") is None:
        return Rig()
    flags = keyed.value("Flags")
    known = Rig(host=_host(keyed), cpu=_cpu(keyed))
    return merge((known, Rig(cpu=cpu_of_flags(flags)))) if flags else known


def _host(keyed: KeyedText) -> Host:
    known: dict[str, Fact[Any]] = {}
    if (machine := keyed.value("Architecture")) is not None:
        known["architecture"] = machine
    if (hypervisor := keyed.value("Hypervisor vendor")) is not None:
        known["hypervisor"] = hypervisor
    return Host(**known)


def _cpu(keyed: KeyedText) -> Cpu:
    known: dict[str, Fact[Any]] = {}
    for field, key in (("model", "Model name"), ("vendor", "Vendor ID")):
        if (told := keyed.value(key)) is not None:
            known[field] = told
    sockets, cores = _number(keyed, "Socket(s)"), _number(keyed, "Core(s) per socket")
    threads = _number(keyed, "CPU(s)")
    if sockets and cores:
        known["sockets"] = sockets
        known["cores"] = Found(sockets.value * cores.value, cores.source)
    if threads:
        known["threads"] = threads
    return Cpu(**known)


def _number(keyed: KeyedText, key: str) -> Found[int] | None:
    told = keyed.value(key)
    if told is None or not told.value.isdecimal() or len(told.value) > 6:  # noqa: PLR2004 -- digits
        return None
    return Found(int(told.value), told.source)
