"""Does the installed NumPy fit what was compiled for it?"""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.facts import Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import frameworks, torch_wheels
from rigcheck.rules.evidence import from_table, passed, skipped, told
from rigcheck.rules.remedies.python_packages import installer_for
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said

_NUMPY_2 = "2.0"
_FIRST_TORCH_FOR_NUMPY_2 = "2.3"


@rule(
    "numpy2-abi",
    group="python",
    needs=("host", "python", "torch"),
    link="https://numpy.org/doc/stable/numpy_2_0_migration_guide.html",
)
def numpy2_abi(rig: Rig) -> Iterator[Judgement]:
    """NumPy 2 stands beside a module compiled for NumPy 1, or a NumPy that Numba does not take.

    torch before 2.3 was built for NumPy 1: it imports with a warning, and then `tensor.numpy()` and
    every DataLoader that uses it end in `Numpy is not available`. Where a tensor was seen to become
    an array, no table counts. Numba refuses a NumPy newer than it knows.
    """
    numpy = numpy_version(rig)
    complaints = met(rig, "numpy-abi")
    judgements = [*_torch(rig, numpy), *_numba(rig, numpy)]
    if not judgements and complaints:
        judgements = [_complained(rig, numpy, tuple(map(said, complaints)))]
    yield from judgements
    if judgements:
        return
    if numpy is None:
        yield skipped("NumPy is not known to be installed", told("NumPy", rig.python.distributions))
    else:
        yield passed(f"NumPy {numpy} fits what is installed", *_evidence(rig, numpy))


def numpy_version(rig: Rig) -> str | None:
    """The installed one; None where it is not known."""
    found = value_of(rig.python.distributions) or ()
    return next((d.version for d in found if d.name == "numpy"), None)


def _evidence(rig: Rig, numpy: str | None) -> tuple[Evidence, ...]:
    installed = (
        (Evidence(f"installed: numpy {numpy}", rig.python.distributions.source),) if numpy else ()
    )
    return (*installed, told("a tensor becomes an array", rig.torch.numpy_works))


def _torch(rig: Rig, numpy: str | None) -> Iterator[Judgement]:
    version = rig.torch.known_version
    if numpy is None or version is None or value_of(rig.torch.numpy_works):
        return
    release = torch_wheels.release_of(version)
    is_old = not versions.at_least(version, _FIRST_TORCH_FOR_NUMPY_2)
    if not is_old or not versions.at_least(numpy, _NUMPY_2):
        return
    table = (
        (from_table(f"torch {release.minor} was built for NumPy 1", release),) if release else ()
    )
    yield Judgement(
        verdict=Verdict.WARN,
        headline=f"torch {version} was built for NumPy 1 and cannot use NumPy {numpy}",
        evidence=(*map(said, met(rig, "numpy-abi")), *_evidence(rig, numpy), *table),
        remedy=_older_numpy(rig, f", or take torch {_FIRST_TORCH_FOR_NUMPY_2} or newer"),
        subject="torch",
    )


def _numba(rig: Rig, numpy: str | None) -> Iterator[Judgement]:
    found = {d.name: d.version for d in value_of(rig.python.distributions) or ()}
    if numpy is None or "numba" not in found:
        return
    row = frameworks.release_of("numba", found["numba"])
    below = row.numpy[1] if row else ""
    newest = frameworks.newest_for_numpy("numba", numpy)
    if row is None or not below or not versions.at_least(numpy, below):
        return
    if frameworks.is_newer_than_table("numba", found["numba"]):
        return
    installer = installer_for(rig)
    upgrade = [f"numba>={newest.version}"] if newest else [f"numpy<{below}"]
    yield Judgement(
        verdict=Verdict.WARN,
        headline=f"Numba {found['numba']} takes NumPy below {below} and refuses NumPy {numpy}",
        evidence=(
            *_evidence(rig, numpy),
            from_table(f"Numba {row.version} takes NumPy below {below}", row),
        ),
        remedy=Remedy(
            text="Install a Numba that takes this NumPy, or a NumPy that this Numba takes",
            commands=(installer.install(upgrade),),
            verify=f"{installer.python} -c 'import numba'",
        ),
        subject="numba",
    )


def _complained(rig: Rig, numpy: str | None, words: tuple[Evidence, ...]) -> Judgement:
    named = f"NumPy {numpy}" if numpy else "the installed NumPy"
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"a compiled module was made for another NumPy than {named}",
        evidence=(*words, *_evidence(rig, numpy)),
        remedy=_older_numpy(rig, ", or a release of the complaining module made for NumPy 2"),
    )


def _older_numpy(rig: Rig, other: str) -> Remedy:
    installer = installer_for(rig)
    return Remedy(
        text=f"Install NumPy 1 (numpy<2){other}",
        commands=(installer.install(["numpy<2"]),),
        verify=f"{installer.python} -c 'import torch; print(torch.ones(1).numpy())'",
    )
