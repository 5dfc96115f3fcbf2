"""Are there wheels at all for this Python, this C library and this platform?"""

import re
from collections.abc import Iterator

from rigcheck import versions
from rigcheck.facts import NOT_ASKED, Found, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import torch_wheels
from rigcheck.knowledge.torch_wheels import Release
from rigcheck.rules.evidence import from_table, passed, skipped, told
from rigcheck.rules.places import platform_of
from rigcheck.rules.remedies.torch_install import install_fitting_torch
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said

_PARTS = ("host", "pci", "driver", "nvml", "python", "torch")
_PLATFORMS = ("x86_64", "aarch64")
_WANTED = re.compile(r"(?:for|requirement) torch\s?==\s?(\d+(?:\.\d+){1,3})")
_GLIBC = re.compile(r"GLIBC_(\d+\.\d+)")


@rule(
    "python-without-wheels",
    group="python",
    needs=_PARTS,
    link="https://github.com/pytorch/pytorch/blob/main/RELEASE.md#release-compatibility-matrix",
)
def python_without_wheels(rig: Rig) -> Iterator[Judgement]:
    """There are no wheels for this Python: pip says that it finds no version of torch.

    Each release has wheels for some Python versions only, and for x86-64 and aarch64. A Python of
    this year may be too new, one of six years ago too old. Where torch can be imported, it has.
    """
    python = rig.python.version
    refusals = met(rig, "no-matching-wheel")
    if isinstance(rig.torch.version, Found):
        yield passed("torch is there for this Python", told("torch", rig.torch.version))
    elif not refusals and rig.torch.installed_version == NOT_ASKED:
        yield skipped("whether torch is wanted here is not known", told("Python", python))
    elif not isinstance(python, Found):
        yield from _unknown_python(rig, tuple(map(said, refusals)))
    else:
        yield _judge_python(rig, python, tuple(map(said, refusals)))


def _unknown_python(rig: Rig, refusals: tuple[Evidence, ...]) -> Iterator[Judgement]:
    if not refusals:
        yield skipped("the version of Python is not known", told("Python", rig.python.version))
        return
    yield Judgement(
        verdict=Verdict.FAIL,
        headline="pip finds no version of it for this Python and platform",
        evidence=refusals,
        remedy=Remedy(
            text="See which Python this is: torch has wheels for Python "
            f"{' '.join(_newest().pythons)} on x86-64 and aarch64 with glibc "
            f"{_newest().glibc_min} or newer. Use one of these, in an environment of its own",
            commands=("python3 --version", "ldd --version", "uname -m"),
        ),
    )


def _judge_python(rig: Rig, python: Found[str], refusals: tuple[Evidence, ...]) -> Judgement:
    minor = versions.minor(python.value)
    evidence = (*refusals, told("Python", python), told("architecture", rig.host.architecture))
    serving = [r for r in torch_wheels.offered_releases() if minor in r.pythons]
    wanted = _wanted_release(refusals)
    if platform_of(rig) not in _PLATFORMS:
        headline = f"there are no torch wheels for {platform_of(rig)}"
    elif not serving:
        headline = f"no torch from {_oldest().minor} on has wheels for Python {minor}"
    elif wanted is not None and minor not in wanted.pythons:
        headline = f"torch {wanted.minor} has no wheels for Python {minor}"
        evidence = (*evidence, from_table(f"it has them for {' '.join(wanted.pythons)}", wanted))
    else:
        newest = max(serving, key=_age)
        row = from_table(f"torch {newest.latest} has wheels for Python {minor}", newest)
        return passed(f"there are torch wheels for Python {minor}", *evidence, row)
    has_torch = isinstance(rig.torch.installed_version, Found) and not refusals
    return Judgement(
        verdict=Verdict.WARN if has_torch else Verdict.FAIL,
        headline=headline,
        evidence=evidence,
        remedy=_another(rig, minor, serving),
    )


def _another(rig: Rig, minor: str, serving: list[Release]) -> Remedy:
    remedy = install_fitting_torch(rig)
    if not serving:
        return remedy
    first = min(serving, key=_age)
    text = f"torch {first.minor} is the first with wheels for Python {minor}. {remedy.text}"
    return Remedy(text=text, commands=remedy.commands, verify=remedy.verify)


def _wanted_release(refusals: tuple[Evidence, ...]) -> Release | None:
    """The release that pip was asked for."""
    matches = (_WANTED.search(refusal.text) for refusal in refusals)
    wanted = next((match.group(1) for match in matches if match), None)
    return torch_wheels.release_of(wanted) if wanted else None


def _newest() -> Release:
    return max(torch_wheels.offered_releases(), key=_age)


def _oldest() -> Release:
    return min(torch_wheels.offered_releases(), key=_age)


def _age(release: Release) -> tuple[int, ...]:
    return versions.release(release.minor)


@rule(
    "glibc-too-old",
    group="host",
    needs=_PARTS,
    link="https://github.com/pypa/manylinux#readme",
)
def glibc_too_old(rig: Rig) -> Iterator[Judgement]:
    """The C library is older than the one a wheel was built against.

    Wheels run with the C library they name and later ones: torch from 2.7 on needs glibc 2.28, its
    predecessors 2.17. pip then offers an older release or none; a build forced in ends in
    `version GLIBC_2.xx not found`. Where torch can be imported, its C library will do.
    """
    glibc = rig.host.glibc_version
    complaints = met(rig, "glibc-too-old")
    if complaints:
        yield _named_in_error(rig, tuple(map(said, complaints)))
    elif isinstance(rig.torch.version, Found):
        yield passed("torch runs with this C library", told("glibc", glibc))
    elif is_known_absent(glibc) and value_of(rig.host.system) == "Linux":
        yield _no_glibc(rig)
    elif isinstance(glibc, Found):
        yield _judge_glibc(rig, glibc)
    else:
        yield skipped("the version of the C library is not known", told("glibc", glibc))


def _judge_glibc(rig: Rig, glibc: Found[str]) -> Judgement:
    evidence = told("glibc", glibc)
    fitting = [
        r for r in torch_wheels.offered_releases() if versions.at_least(glibc.value, r.glibc_min)
    ]
    newest = max(fitting, key=_age, default=None)
    if newest == _newest():
        return passed(f"glibc {glibc.value} serves the newest wheels", evidence)
    if newest is None:
        oldest = _oldest()
        row = from_table(f"torch {oldest.minor} needs glibc {oldest.glibc_min}", oldest)
        headline = f"glibc {glibc.value} is too old for every torch wheel in the tables"
        return _wrong(rig, Verdict.FAIL, headline, evidence, row)
    last = from_table(f"torch {newest.latest} needs glibc {newest.glibc_min}", newest)
    headline = f"glibc {glibc.value} is too old for torch after {newest.latest}"
    has_torch = isinstance(rig.torch.installed_version, Found)
    if has_torch:
        return passed(headline, evidence, last)
    return _wrong(rig, Verdict.WARN, headline, evidence, last)


def _named_in_error(rig: Rig, complaints: tuple[Evidence, ...]) -> Judgement:
    matches = (_GLIBC.search(complaint.text) for complaint in complaints)
    needed = next((match.group(1) for match in matches if match), "a newer one")
    ours = value_of(rig.host.glibc_version)
    return _wrong(
        rig,
        Verdict.FAIL,
        f"a library needs glibc {needed}, and this system has {ours or 'an older one'}",
        *complaints,
        told("glibc", rig.host.glibc_version),
    )


def _no_glibc(rig: Rig) -> Judgement:
    return _wrong(
        rig,
        Verdict.FAIL,
        "this system has no glibc (musl, as on Alpine), and torch has wheels for glibc only",
        told("glibc", rig.host.glibc_version),
        told("system", rig.host.distribution),
    )


def _wrong(rig: Rig, verdict: Verdict, headline: str, *evidence: Evidence) -> Judgement:
    fitting = install_fitting_torch(rig)
    return Judgement(
        verdict=verdict,
        headline=headline,
        evidence=evidence,
        remedy=Remedy(
            text="A C library is not updated by itself: use a newer distribution (glibc 2.17 came "
            "with CentOS 7, 2.28 with RHEL 8, Debian 10 and Ubuntu 20.04), or a container with "
            f"one, or build from source. {fitting.text}",
            commands=fitting.commands,
            verify=fitting.verify,
        ),
    )
