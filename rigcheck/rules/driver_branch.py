"""Does the driver's branch still get fixes?"""

from collections.abc import Iterator

from rigcheck.facts import Found, Rig, value_of
from rigcheck.findings import Verdict
from rigcheck.knowledge import cuda_driver
from rigcheck.rules.evidence import from_table, passed, skipped, told, unknown
from rigcheck.rules.gpus import driver_version, known_gpus
from rigcheck.rules.grounds import without_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.driver_choice import install_driver
from rigcheck.rules.rule import Judgement, rule

_ENDED_KINDS = ("end of life", "legacy (unmaintained)")


@rule(
    "driver-branch-end-of-life",
    group="driver",
    needs=("host", "pci", "driver", "nvml", "torch"),
    link="https://docs.nvidia.com/datacenter/tesla/drivers/",
)
def driver_branch_end_of_life(rig: Rig) -> Iterator[Judgement]:
    """The driver is of a branch that gets no more fixes, security fixes included.

    The table of branches tells when each ends, the machine's clock the date. A card whose last
    branch has ended has no newer driver to take, and is not held against the machine.
    """
    version = driver_version(rig)
    if place_of(rig) in (Place.WSL, Place.JETSON):
        yield skipped("the branches of Linux's own drivers do not apply here")
    elif not isinstance(version, Found):
        yield without_gpu(rig) or skipped("no driver runs", told("driver", version))
    else:
        branch = cuda_driver.branch_of(version.value.partition(".")[0])
        yield without_gpu(rig) or _judge(rig, version, branch)


def _judge(rig: Rig, version: Found[str], branch: cuda_driver.Branch | None) -> Judgement:
    driver = told("driver", version)
    if branch is None:
        return unknown(
            f"the branch of driver {version.value} is not in rigcheck's tables",
            driver,
            tells="NVIDIA's list of branches tells until when it gets fixes: "
            "https://docs.nvidia.com/datacenter/tesla/drivers/",
        )
    date = rig.host.date
    until = f" until {branch.end_of_support}" if branch.end_of_support else ""
    if not isinstance(date, Found):
        # A pasted report may be of any year: its branch may have been the newest then.
        return unknown(
            "the date could not be told",
            told("date", date),
            tells=f"Branch {branch.branch} is {branch.kind}, with fixes{until}",
        )
    of_table = from_table(f"branch {branch.branch} is {branch.kind}, with fixes{until}", branch)
    if not has_ended(branch, value_of(date) or ""):
        return passed(f"driver branch {branch.branch} gets fixes{until}", driver, of_table)
    of_table = from_table(f"branch {branch.branch}: {branch.kind}{_since(branch)}", branch)
    if not _newer(rig, branch, value_of(date) or ""):
        headline = f"driver branch {branch.branch} is the last for this GPU"
        return passed(headline, driver, of_table)
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"driver branch {branch.branch} gets no more fixes{_since(branch)}",
        evidence=(driver, of_table, told("date", date)),
        remedy=install_driver(rig, known_gpus(rig), at_least=str(int(branch.branch) + 1)),
    )


def has_ended(branch: cuda_driver.Branch, date: str) -> bool:
    """Whether a branch has got its last fix by then: `2026-06` lasts until the month's end."""
    end = branch.end_of_support
    return date[: len(end)] > end if end else branch.kind in _ENDED_KINDS


def gets_no_more_fixes(rig: Rig) -> bool:
    """Whether the running driver is known to be of a branch that has ended."""
    branch = cuda_driver.branch_of((value_of(driver_version(rig)) or "").partition(".")[0])
    date = value_of(rig.host.date)
    return branch is not None and date is not None and has_ended(branch, date)


def _since(branch: cuda_driver.Branch) -> str:
    return f" since {branch.end_of_support}" if branch.end_of_support else ""


def _newer(rig: Rig, branch: cuda_driver.Branch, date: str) -> bool:
    """Whether a newer branch that still gets fixes drives all these GPUs."""
    names = {gpu.architecture for gpu in known_gpus(rig)}
    return None not in names and any(
        names <= set(row.architectures) and not has_ended(row, date)
        for row in cuda_driver.table().branch
        if int(row.branch) > int(branch.branch)
    )
