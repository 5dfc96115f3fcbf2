"""Does torchvision fit the torch beside it?"""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.facts import Failed, Found, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Verdict
from rigcheck.knowledge import torch_wheels
from rigcheck.rules.evidence import from_table, one_line, passed, skipped, told, unknown
from rigcheck.rules.remedies.python_packages import installer_for
from rigcheck.rules.remedies.torch_reinstall import install_matching_torchvision
from rigcheck.rules.rule import Judgement, rule

_MISMATCH_WORDS = (
    "operator torchvision::",
    "undefined symbol",
    "Couldn't load custom C++ ops",
    "compiled with different CUDA",
)


@rule(
    "torchvision-torch-mismatch",
    group="torch",
    needs=("host", "python", "torch"),
    follows=(
        "cpu-lacks-instructions",
        "torch-import-fails",
        "torch-import-crashes",
        "torch-import-hangs",
    ),
    link="https://github.com/pytorch/vision#installation",
)
def torchvision_torch_mismatch(rig: Rig) -> Iterator[Judgement]:
    """The installed torchvision and torch are of different releases, or from different indexes.

    torchvision's compiled half is made for one torch; beside another its import ends in
    `operator torchvision::nms does not exist` or an undefined symbol. The import is tried; the
    table of pairs counts only where no import was seen to work.
    """
    torch, vision = rig.torch.installed_version, rig.torch.torchvision_installed_version
    imported = rig.torch.torchvision_version
    if isinstance(imported, Found):
        yield _works(rig, imported)
    elif is_known_absent(vision):
        yield skipped("torchvision is not installed", told("torchvision", vision))
    elif not isinstance(torch, Found) or not isinstance(vision, Found):
        yield unknown(
            "torch and torchvision could not be compared",
            told("torch", torch),
            told("torchvision", vision),
            tells="The interpreter tells both versions",
            commands=(f"{installer_for(rig).python} -m pip show torch torchvision",),
        )
    else:
        yield _not_imported(rig, torch, vision)


def _works(rig: Rig, imported: Found[str]) -> Judgement:
    evidence = [told("import torchvision", imported), told("torch", rig.torch.version)]
    torch = value_of(rig.torch.version)
    note = ""
    if torch is not None and _contradicts(torch, imported.value):
        note = ", though the tables pair them otherwise"
        evidence.extend(_pair_evidence(torch))
    return passed(f"torchvision {imported.value} works with torch {torch}{note}", *evidence)


def _not_imported(rig: Rig, torch: Found[str], vision: Found[str]) -> Judgement:
    imported = rig.torch.torchvision_version
    contradicts = _contradicts(torch.value, vision.value)
    evidence = (
        told("torch", torch),
        told("torchvision", vision),
        told("import torchvision", imported),
        *_pair_evidence(torch.value),
    )
    pair = f"torchvision {vision.value} and torch {torch.value}"
    is_fault = isinstance(imported, Failed) and isinstance(rig.torch.version, Found)
    error = one_line(imported.error) if isinstance(imported, Failed) else ""
    if contradicts:
        verdict, headline = Verdict.FAIL, f"{pair} are of different releases"
    elif is_fault and any(word in error for word in _MISMATCH_WORDS):
        verdict = Verdict.FAIL
        headline = f"torchvision {vision.value} was not built for torch {torch.value}"
    elif is_fault:
        verdict, headline = Verdict.WARN, f"torchvision {vision.value} cannot be imported: {error}"
    elif contradicts is False and not isinstance(imported, Failed):
        return passed(f"{pair} are of one release", *evidence)
    else:
        return unknown(
            f"whether {pair} fit could not be told",
            *evidence,
            tells="The import of torchvision tells it, once torch can be imported",
        )
    return Judgement(
        verdict=verdict,
        headline=headline,
        evidence=evidence,
        remedy=install_matching_torchvision(rig, torch.value),
    )


def _contradicts(torch: str, torchvision: str) -> bool | None:
    """Whether the tables pair them otherwise; None where they do not know one of them."""
    release = torch_wheels.release_of(torch)
    partners = torch_wheels.releases_of_torchvision(torchvision)
    if release is None or not partners:
        return None
    return versions.minor(release.torchvision) != versions.minor(torchvision)


def _pair_evidence(torch: str) -> tuple[Evidence, ...]:
    release = torch_wheels.release_of(torch)
    if release is None:
        return ()
    return (from_table(f"torch {release.minor} goes with {release.torchvision}", release),)
