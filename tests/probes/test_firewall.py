import re
import subprocess
import sys
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, Reason, value_of
from rigcheck.probes.firewall import is_nf_tables_there, parse_ufw_config, read_firewall
from rigcheck.probes.reading import ask_tool
from tests.probes.trees import write_tree

IMPORT = "import os; from pathlib import Path; from rigcheck.probes.firewall import read_firewall"
PRINT = "print(read_firewall(Path('/')))"
ASK = f"{IMPORT}\n{PRINT}"
AS_NOBODY = f"{IMPORT}\nif os.geteuid() == 0: os.setuid(65534)\n{PRINT}"
MANAGED = re.compile("'(ufw|firewalld)'")
"""This machine may have a manager, which is told before any rule is read."""

needs_namespace = pytest.mark.skipif(
    not isinstance(ask_tool("unshare", "--net", "nft", "list", "ruleset", timeout_s=10), Found),
    reason="needs nft, and the right to make a network namespace",
)


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"etc/ufw/ufw.conf": "# on boot\nENABLED=yes\nLOGLEVEL=low\n"}, "ufw"),
        ({"run/firewalld.pid": "812\n"}, "firewalld"),
        ({"sys/fs/cgroup/system.slice/firewalld.service/cgroup.procs": "812\n"}, "firewalld"),
    ],
)
def test_a_manager_is_known_by_its_sign(tmp_path: Path, files: dict[str, str], name: str) -> None:
    assert value_of(read_firewall(write_tree(tmp_path, files))) == name


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("ENABLED=yes", True),
        ("enabled = 'YES'", True),
        ("ENABLED=no", False),
        ("#ENABLED=yes", False),
    ],
)
def test_ufw_is_on_when_its_file_says_so(text: str, on: bool) -> None:
    assert parse_ufw_config(text) is on


@pytest.mark.parametrize(
    ("modules", "builtin", "there"),
    [
        ("nf_tables 372736 0 - Live 0x0\nnfnetlink 20480 1 nf_tables, Live 0x0\n", None, True),
        ("ext4 1130496 1 - Live 0x0\n", "kernel/net/netfilter/nf_tables.ko\n", True),
        ("nf_tables_set 49152 0 - Live 0x0\n", "kernel/fs/ext4/ext4.ko\n", False),
        ("", None, False),
    ],
)
def test_rules_are_not_listed_where_that_would_load_a_module(
    modules: str, builtin: str | None, there: bool
) -> None:
    assert is_nf_tables_there(modules, builtin) is there


def test_no_sign_of_a_manager_is_not_no_firewall(tmp_path: Path) -> None:
    firewall = read_firewall(write_tree(tmp_path, {"etc/ufw/ufw.conf": "ENABLED=no\n"}))
    assert isinstance(firewall, Absent)
    assert firewall.reason is Reason.NOT_ASKED


def ask(*prefix: str, script: str) -> str:
    """What the firewall is said to be by a process of its own."""
    command = (*prefix, sys.executable, "-c", script)
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def test_an_ordinary_user_may_not_list_the_rules() -> None:
    answer = ask(script=AS_NOBODY)
    assert MANAGED.search(answer) or "NO_PERMISSION" in answer


@needs_namespace
@pytest.mark.parametrize(("policy", "name"), [("drop", "'nftables'"), ("accept", "NOT_THERE")])
def test_root_reads_the_rules_in_force(policy: str, name: str) -> None:
    """In a network namespace of its own, which the rules end with."""
    chain = f"{{ type filter hook input priority 0; policy {policy}; }}"
    rules = f"nft add table ip t; nft add chain ip t c '{chain}'"
    answer = ask("unshare", "--net", "sh", "-c", f'{rules}; "$0" "$@"', script=ASK)
    assert MANAGED.search(answer) or name in answer
