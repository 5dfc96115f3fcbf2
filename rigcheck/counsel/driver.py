"""Which driver a machine should have."""

from collections.abc import Iterator

from rigcheck.advice import Counsel
from rigcheck.facts import Found, Rig, value_of
from rigcheck.knowledge import cuda_driver
from rigcheck.rules.driver_branch import gets_no_more_fixes, has_ended
from rigcheck.rules.driver_fit import left_out
from rigcheck.rules.each_gpu import card_name
from rigcheck.rules.gpus import KnownGpu, driver_version
from rigcheck.rules.grounds import Presence, presence
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.driver_choice import driver_for, install_driver
from rigcheck.rules.remedies.wheel_install import list_of

_TOPIC = "driver"
_OWNERS = {
    Place.CONTAINER: ", the host's: it is kept there",
    Place.WSL: ", that of Windows: it is kept there, and none is installed in here",
    Place.JETSON: ", that of JetPack: it is kept by its updates",
}


def driver(rig: Rig, gpus: tuple[KnownGpu, ...]) -> Iterator[Counsel]:
    """The branch to be on, and how to get there."""
    version = driver_version(rig)
    if presence(rig) is Presence.NONE:
        yield Counsel(topic=_TOPIC, text="No NVIDIA GPU is here, so none is needed")
    elif not isinstance(version, Found):
        yield Counsel(
            topic=_TOPIC,
            text=f"No driver runs for {list_of(gpus) or 'a GPU, if there is one'}",
            remedy=install_driver(rig, gpus),
            sources=(version.source,),
        )
    elif place_of(rig) is not Place.HOST:
        ended = ". Its branch gets no more fixes" if _is_linux_ended(rig) else ""
        text = f"Driver {version.value} runs{_OWNERS[place_of(rig)]}{ended}"
        yield Counsel(topic=_TOPIC, text=text, sources=(version.source,))
    else:
        yield _running(rig, gpus, version)
    yield from _not_together(gpus)


def _is_linux_ended(rig: Rig) -> bool:
    """The branches of the table are those of Linux' own drivers."""
    return place_of(rig) is Place.CONTAINER and gets_no_more_fixes(rig)


def _running(rig: Rig, gpus: tuple[KnownGpu, ...], version: Found[str]) -> Counsel:
    undriven = left_out(rig, version.value)
    if undriven:
        told = "; ".join(f"it does not drive {card_name(card)}: {why}" for card, why in undriven)
        return _change(rig, gpus, f"Driver {version.value} runs, and {told}", version.source)
    branch = cuda_driver.branch_of(version.value.partition(".")[0])
    if branch is None:
        text = f"Driver {version.value} runs; its branch is not in rigcheck's tables"
        return Counsel(topic=_TOPIC, text=text, sources=(version.source,))
    if not has_ended(branch, value_of(rig.host.date) or ""):
        until = f" until {branch.end_of_support}" if branch.end_of_support else ""
        text = f"Driver {version.value} runs, of a branch that gets fixes{until}: keep it"
        return Counsel(topic=_TOPIC, text=text, sources=(version.source, branch.source))
    since = f" since {branch.end_of_support}" if branch.end_of_support else ""
    ended = f"Driver {version.value} runs, of a branch that gets no more fixes{since}"
    choice = driver_for(rig, gpus, at_least=str(int(branch.branch) + 1))
    if choice is None:
        text = f"{ended}, the last for {list_of(gpus)}: keep it"
        return Counsel(topic=_TOPIC, text=text, sources=(version.source, branch.source))
    return _change(rig, gpus, ended, version.source, at_least=str(int(branch.branch) + 1))


def _change(
    rig: Rig, gpus: tuple[KnownGpu, ...], text: str, source: str, at_least: str = "0"
) -> Counsel:
    return Counsel(
        topic=_TOPIC,
        text=text,
        remedy=install_driver(rig, gpus, at_least=at_least),
        sources=(source,),
    )


def _not_together(gpus: tuple[KnownGpu, ...]) -> Iterator[Counsel]:
    """GPUs that no one driver serves: of branches or kernel modules that exclude one another."""
    rows = [(gpu, cuda_driver.architecture_of(gpu.architecture or "")) for gpu in gpus]
    known = [(gpu, row) for gpu, row in rows if row is not None]
    if not known or any(_drives_all(b, [row for _, row in known]) for b in _branches()):
        return
    takes = "; ".join(dict.fromkeys(f"{gpu.text} takes {_taken(row)}" for gpu, row in known))
    yield Counsel(
        topic=_TOPIC,
        text=f"No one driver serves all of them: {takes}. Use one kind of them, or put the other "
        "into another machine",
        sources=tuple(dict.fromkeys(row.source for _, row in known)),
    )


def _branches() -> tuple[cuda_driver.Branch, ...]:
    return cuda_driver.table().branch


def _drives_all(branch: cuda_driver.Branch, rows: list[cuda_driver.Architecture]) -> bool:
    modules = {row.module for row in rows} - {"either"}
    return len(modules) < 2 and all(row.name in branch.architectures for row in rows)  # noqa: PLR2004 -- open and closed


def _taken(row: cuda_driver.Architecture) -> str:
    module = "either kernel module" if row.module == "either" else f"the {row.module} kernel module"
    last = f" of a branch up to {row.last_branch}" if row.last_branch != "current" else ""
    first = f" of branch {row.first_branch} or newer" if row.first_branch else ""
    return f"{module}{last or first}"
