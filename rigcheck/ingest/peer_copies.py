"""GPUs that hang where they copy to one another: what people tell of it, with its cause beside it.

That NCCL hangs has many causes. Here it counts only with a sign that the way between the cards is
what fails: it works without direct copies, the IOMMU or ACS is on, or only near pairs hang.
"""

import re

from rigcheck.facts import Found, Rig, Symptom, Symptoms
from rigcheck.ingest.text import Text

_COPIES = (
    r"(?:NCCL|all[-_ ]?reduce|all[-_ ]?gather|P2P|peer|collective|DataParallel|DDP|multi-?GPU)"
)
_STOPS = r"(?:hang|hung|stuck|deadlock|freez|froze|never (?:return|complet|finish))"
_HANGS = re.compile(
    rf"{_COPIES}[^\n]{{0,160}}?{_STOPS}[^\n]{{0,80}}|{_STOPS}[^\n]{{0,160}}?{_COPIES}[^\n]{{0,80}}",
    re.IGNORECASE,
)
_HELPS = re.compile(
    r"NCCL_P2P_DISABLE[= ]{0,3}1?[^\n]{0,120}?(?:work|solve|fix|help|resolve|success|run)"
    r"|(?:work|solve|fix|help|resolve|success|run)[^\n]{0,120}?NCCL_P2P_DISABLE",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|n't|no|neither|still|without success|doesnt)\b", re.IGNORECASE)
_NEAR = re.compile(r"\b(?:PIX|PXB|PHB|NODE)\b")
_ACS = re.compile(r"ACSCtl:[ \t]{1,4}SrcValid[+-] TransBlk[+-] ReqRedir\+")
_IOMMU = re.compile(
    r"DMAR: IOMMU enabled|AMD-Vi: Interrupt remapping enabled|IO_PAGE_FAULT|DMAR: DRHD: handling"
    r"|(?:resolv|solv|fix|help|work)[^\n]{0,80}iommu=(?:off|pt)"
    r"|iommu=(?:off|pt)[^\n]{0,80}(?:resolv|solv|fix|help|work)"
    r"|default domain type: translated|intel_iommu=on|amd_iommu=on"
    r"|(?:disabl|turn(?:ed|ing)? off|switch(?:ed|ing)? off)[^\n.]{0,30}(?:ACS|IOMMU|VT-d|AMD-Vi)",
    re.IGNORECASE,
)
_PLACES = ("ang", "tuck", "eadlock", "reez", "roze", "never ", "HANG")


def parse_peer_copies(text: Text) -> Rig:
    """A symptom with the line that tells of the hang and the sign of its cause."""
    if not text.has("NCCL", "nccl", "P2P", "p2p", "reduce", "peer"):
        return Rig()
    for words in _PLACES:
        for hang in text.search_near(words, _HANGS, before=200, after=260):
            sign = _sign(text, hang)
            if sign is not None:
                return _blocked(text, hang, sign)
    return Rig()


def _sign(text: Text, hang: re.Match[str]) -> re.Match[str] | None:
    near = _NEAR.search(text.content, *hang.span())
    if near is not None:
        return near
    for pattern, words in ((_HELPS, "NCCL_P2P_DISABLE"), (_ACS, "ACSCtl")):
        match = next(text.search_near(words, pattern, before=140, after=180), None)
        if match is not None and not _NOT.search(match.group()):
            return match
    return _IOMMU.search(text.content)


def _blocked(text: Text, hang: re.Match[str], sign: re.Match[str]) -> Rig:
    source = text.source(*hang.span())
    words = " ".join(f"{hang.group()} ({sign.group()})".split())
    seen = (Symptom(name="p2p-blocked", text=words, source=source),)
    return Rig(symptoms=Symptoms(seen=Found(seen, source)))
