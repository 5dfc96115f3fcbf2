"""Whether a list of kernel rules refuses anything that comes in."""

import json
import re
from typing import Any

_REFUSALS = ("drop", "reject")
_IPTABLES_REFUSAL = re.compile(r"^:INPUT DROP|^-A INPUT .*-j (DROP|REJECT)", re.MULTILINE)

_Chain = tuple[str, str, str]
"""Family, table and name."""


def nft_filters_input(ruleset: str) -> bool:
    """From `nft --json list ruleset`: a policy or a rule at the hook `input`, or one jumped to.

    Raises:
        ValueError: if it is not of that form.
    """
    document = json.loads(ruleset)
    if not isinstance(document, dict):
        raise ValueError("nft printed no object")  # noqa: TRY004 -- foreign text, not a type
    items = document.get("nftables", [])
    inputs = [i["chain"] for i in items if i.get("chain", {}).get("hook") == "input"]
    if any(chain.get("policy") in _REFUSALS for chain in inputs):
        return True
    rules = [item["rule"] for item in items if "rule" in item]
    reached = _reached({_key(chain, chain["name"]) for chain in inputs}, rules)
    return any(_refuses(rule) for rule in rules if _key(rule, rule["chain"]) in reached)


def iptables_filters_input(saved: str) -> bool:
    """From `iptables-save`: the policy of the chain INPUT, or a rule in it."""
    return _IPTABLES_REFUSAL.search(saved) is not None


def _reached(chains: set[_Chain], rules: list[dict[str, Any]]) -> set[_Chain]:
    """The chains, and those that their rules jump to."""
    jumps = [
        (_key(rule, rule["chain"]), _key(rule, target))
        for rule in rules
        for target in _targets(rule)
    ]
    reached = set(chains)
    while new := {target for origin, target in jumps if origin in reached} - reached:
        reached |= new
    return reached


def _targets(rule: dict[str, Any]) -> list[str]:
    statements = [e[verb] for e in rule.get("expr", []) for verb in ("jump", "goto") if verb in e]
    return [statement["target"] for statement in statements]


def _refuses(rule: dict[str, Any]) -> bool:
    return any(
        refusal in expression for expression in rule.get("expr", []) for refusal in _REFUSALS
    )


def _key(entry: dict[str, Any], chain: str) -> _Chain:
    return entry["family"], entry["table"], chain
