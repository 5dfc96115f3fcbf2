"""A GPU's links: PCIe to the machine, NVLink to its like."""

from rigcheck.facts import Fact, Found, NvLink
from rigcheck.gpu import numbers
from rigcheck.gpu.driver import Handle
from rigcheck.gpu.numbers import word
from rigcheck.nvml import ask, ask_field

_LANE_LIMIT = 32
"""PCIe's own limit; no generation comes near it."""


def pcie_generation_now(gpu: Handle) -> Fact[int]:
    """Of the link at this moment: a card at rest lowers it."""
    return ask("nvmlDeviceGetCurrPcieLinkGeneration", gpu, take=_number)


def pcie_generation_max(gpu: Handle) -> Fact[int]:
    """The highest of this card in this slot."""
    return ask("nvmlDeviceGetMaxPcieLinkGeneration", gpu, take=_number)


def pcie_generation_card_max(gpu: Handle) -> Fact[int]:
    """The highest of the card alone; drivers from 515 tell it."""
    return ask("nvmlDeviceGetGpuMaxPcieLinkGeneration", gpu, take=_number)


def pcie_width_now(gpu: Handle) -> Fact[int]:
    """Lanes at this moment."""
    return ask("nvmlDeviceGetCurrPcieLinkWidth", gpu, take=_number)


def pcie_width_max(gpu: Handle) -> Fact[int]:
    """Lanes that this card can have in this slot."""
    return ask("nvmlDeviceGetMaxPcieLinkWidth", gpu, take=_number)


def pcie_replays(gpu: Handle) -> Fact[int]:
    """Packets sent again since the driver was loaded."""
    return ask("nvmlDeviceGetPcieReplayCounter", gpu, take=int)


def nvlinks(gpu: Handle) -> Fact[tuple[NvLink, ...]]:
    """Those the chip has. The count is asked first; old drivers know only the links themselves."""
    first = _state(gpu, 0)
    if not isinstance(first, Found):
        return first
    count = ask_field(gpu, numbers.FIELD_NVLINK_COUNT, take=int)
    limit = count.value if isinstance(count, Found) else numbers.NVLINK_LIMIT
    links = [NvLink(link=0, active=first, version=_version(gpu, 0))]
    for link in range(1, limit):
        state = _state(gpu, link)
        if not isinstance(state, Found) and not isinstance(count, Found):
            break  # past the last one
        links.append(NvLink(link=link, active=state, version=_version(gpu, link)))
    return Found(tuple(links), first.source)


def _state(gpu: Handle, link: int) -> Fact[bool]:
    return ask("nvmlDeviceGetNvLinkState", gpu, link, take=bool)


def _version(gpu: Handle, link: int) -> Fact[str]:
    return ask(
        "nvmlDeviceGetNvLinkVersion",
        gpu,
        link,
        take=lambda number: word(numbers.NVLINK_VERSIONS, number),
    )


def _number(told: int) -> int:
    """Raises: ValueError: if a link has no generation or no lane."""
    if not 0 < told <= _LANE_LIMIT:
        raise ValueError(f"the driver says {told}")
    return told
