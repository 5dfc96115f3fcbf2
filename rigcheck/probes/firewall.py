"""The firewall in force, as far as it can be told.

"None" is only said where the kernel's own rules could be read, which takes root. Managers leave
signs that everybody may read; without any, an ordinary user gets "no permission".
"""

import os
import re
from pathlib import Path

from rigcheck.facts import Absent, Fact, Failed, Found, Reason, is_known_absent, value_of
from rigcheck.probes.firewall_rules import iptables_filters_input, nft_filters_input
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import ask_tool, first_found, parsed

_UFW_ENABLED = re.compile(r"^\s*ENABLED\s*=\s*[\"']?yes", re.IGNORECASE | re.MULTILINE)
# Under systemd firewalld writes no pid file, but has a cgroup for as long as it runs.
_FIREWALLD_SIGNS = (
    "run/firewalld.pid",
    "sys/fs/cgroup/system.slice/firewalld.service",
    "sys/fs/cgroup/systemd/system.slice/firewalld.service",
)
_NFT = ("nft", "--json", "list", "ruleset")
_TIME_LIMIT_S = 3.0


def read_firewall(root: Path) -> Fact[str]:
    """`ufw`, `firewalld`, `nftables` or `iptables`; not there only where the rules say so."""
    return _read_manager(root) or _read_kernel_rules(root)


def parse_ufw_config(text: str) -> bool:
    """Whether ufw is switched on."""
    return _UFW_ENABLED.search(text) is not None


def _read_manager(root: Path) -> Found[str] | None:
    ufw = read_text(root / "etc/ufw/ufw.conf")
    if isinstance(ufw, Found) and parse_ufw_config(ufw.value):
        return Found("ufw", ufw.source)
    signs = (root / path for path in _FIREWALLD_SIGNS if (root / path).exists())
    return next((Found("firewalld", str(sign)) for sign in signs), None)


def _read_kernel_rules(root: Path) -> Fact[str]:
    source = " ".join(_NFT)
    if root != Path("/"):
        return Absent(Reason.NOT_ASKED, source, "a recorded machine")
    if os.geteuid() != 0:
        return Absent(Reason.NO_PERMISSION, source, "only root may list the rules")
    nft = _read_nftables(root)
    if isinstance(nft, Failed) and "not permitted" in nft.error:
        return Absent(Reason.NO_PERMISSION, nft.source, "root of a container")
    iptables = _read_iptables(root)
    for name, filters in (("nftables", nft), ("iptables", iptables)):
        if isinstance(filters, Found) and filters.value:
            return Found(name, filters.source)
    for filters in (nft, iptables):
        if not isinstance(filters, Found):
            return filters
    return Absent(Reason.NOT_THERE, f"{nft.source}, {iptables.source}", "nothing is refused")


def _read_nftables(root: Path) -> Fact[bool]:
    """Whether nftables' rules refuse anything; where its module is not loaded, there are none.

    It is not asked there: listing the rules would load it, and rigcheck changes nothing.
    """
    modules = read_text(root / "proc/modules")
    builtin = read_text(root / "lib/modules" / os.uname().release / "modules.builtin")
    if isinstance(modules, Found) and not is_nf_tables_there(modules.value, value_of(builtin)):
        return Found(value=False, source=f"{modules.source}: no nf_tables")
    return parsed(ask_tool(*_NFT, timeout_s=_TIME_LIMIT_S), nft_filters_input)


def is_nf_tables_there(modules: str, builtin: str | None) -> bool:
    """Whether nftables is part of the running kernel, by /proc/modules and modules.builtin."""
    is_loaded = re.search(r"^nf_tables\b", modules, re.MULTILINE) is not None
    return is_loaded or "/nf_tables.ko" in (builtin or "")


def _read_iptables(root: Path) -> Fact[bool]:
    """Whether iptables' own tables, beside nftables, refuse anything; they may not be loaded."""
    tables = read_text(root / "proc/net/ip_tables_names")
    if is_known_absent(tables) or (isinstance(tables, Found) and "filter" not in tables.value):
        return Found(value=False, source=tables.source)
    saved = first_found(
        *(
            ask_tool(program, "-t", "filter", timeout_s=_TIME_LIMIT_S)
            for program in ("iptables-legacy-save", "iptables-save")
        )
    )
    return parsed(saved, iptables_filters_input)
