"""GPUs that hang where they copy to one another: what people tell of it, with its cause beside it.

That NCCL hangs has many causes. Here it counts only with a sign that the way between the cards is
what fails: it works without direct copies, the IOMMU or ACS is on, or only near pairs hang.
"""

import itertools
import re
from collections.abc import Iterator

from rigcheck.facts import Found, Rig, Symptom, Symptoms
from rigcheck.ingest.text import Text

_COPIES = re.compile(
    r"NCCL|all[-_ ]?reduce|all[-_ ]?gather|P2P|peer|collective|DataParallel|DDP|multi-?GPU",
    re.IGNORECASE,
)
_STOPS = re.compile(
    r"\b(?:hang|hung|stuck|deadlock|freez|froze|never (?:return|complet|finish))", re.IGNORECASE
)
_NEAR_WORDS = 200
"""Characters around the word that tells of a hang, on its line."""
_MOST_HANGS = 64
_MOST_CHARACTERS = 65_536
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


def parse_peer_copies(text: Text) -> Rig:
    """A symptom with the line that tells of the hang and the sign of its cause."""
    if not text.has("NCCL", "nccl", "P2P", "p2p", "reduce", "Reduce", "peer"):
        return Rig()
    hangs = list(_hangs(text))
    near = next((hang for hang in hangs if _NEAR.search(text.content, *hang)), None)
    if near is not None:
        return _blocked(text, near, "")
    sign = _sign(text) if hangs else None
    return _blocked(text, hangs[0], sign.group()) if sign else Rig()


def _hangs(text: Text) -> Iterator[tuple[int, int]]:
    """Where it is told, on one line, that copies between GPUs do not end."""
    stops = _STOPS.finditer(text.content, 0, _MOST_CHARACTERS)
    for stop in itertools.islice(stops, _MOST_HANGS):
        line_start = text.content.rfind("\n", 0, stop.start()) + 1
        line_end = text.content.find("\n", stop.end())
        start = max(line_start, stop.start() - _NEAR_WORDS)
        end = min(line_end if line_end >= 0 else len(text.content), stop.end() + _NEAR_WORDS)
        if _COPIES.search(text.content, start, end):
            yield start, end


def _sign(text: Text) -> re.Match[str] | None:
    for pattern, words in ((_HELPS, "NCCL_P2P_DISABLE"), (_ACS, "ACSCtl")):
        match = next(text.search_near(words, pattern, before=140, after=180), None)
        if match is not None and not _NOT.search(match.group()):
            return match
    return _IOMMU.search(text.content, 0, _MOST_CHARACTERS)


def _blocked(text: Text, hang: tuple[int, int], sign: str) -> Rig:
    source = text.source(*hang)
    told = text.content[slice(*hang)]
    words = " ".join(f"{told} ({sign})".split()) if sign else " ".join(told.split())
    seen = (Symptom(name="p2p-blocked", text=words, source=source),)
    return Rig(symptoms=Symptoms(seen=Found(seen, source)))
