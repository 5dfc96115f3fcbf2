"""Whether a driver drives a GPU architecture: its branch, and its kernel module."""

from rigcheck.facts import PciGpu, Rig, value_of
from rigcheck.knowledge import cuda_driver, gpu_arch
from rigcheck.rules.each_gpu import unlisted_cards
from rigcheck.rules.places import Place, place_of

OPEN_DRIVES_FROM_TURING = "the open kernel module drives nothing older than Turing"


def architecture_of(card: PciGpu) -> cuda_driver.Architecture | None:
    """What the card takes of a driver, by its name."""
    chip = gpu_arch.capability_of_name(value_of(card.name) or "")
    row = gpu_arch.capability_row(chip.capability) if chip else None
    return cuda_driver.architecture_of(row.architecture) if row else None


def why_not_driven(rig: Rig, row: cuda_driver.Architecture, version: str) -> str:
    """Why this driver leaves the architecture out; empty where it does not."""
    branch = int(version.partition(".")[0])
    if row.last_branch != "current" and branch > int(row.last_branch):
        return f"the last branch with {row.name} is {row.last_branch}"
    if row.first_branch and branch < int(row.first_branch):
        return f"the first branch with {row.name} is {row.first_branch}"
    if row.module == "closed" and value_of(rig.driver.module_kind) == "open":
        return OPEN_DRIVES_FROM_TURING
    return ""


def left_out(rig: Rig, version: str) -> tuple[tuple[PciGpu, str], ...]:
    """Cards that do not answer and that this driver cannot drive, each with the reason.

    A card that answers is driven, whatever the tables say.
    """
    if place_of(rig) is not Place.HOST:
        return ()
    rows = [(card, architecture_of(card)) for card in unlisted_cards(rig)]
    return tuple((card, why) for card, row in rows if row and (why := _why(rig, row, version)))


def _why(rig: Rig, row: cuda_driver.Architecture, version: str) -> str:
    if why := why_not_driven(rig, row, version):
        return why
    needs_open = row.module == "open" and value_of(rig.driver.module_kind) == "closed"
    return f"{row.name} takes the open kernel module, and the closed one is loaded" * needs_open
