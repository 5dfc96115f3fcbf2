"""How the driver runs a card."""

from rigcheck.facts import Fact
from rigcheck.gpu import numbers
from rigcheck.gpu.driver import Handle
from rigcheck.gpu.numbers import word
from rigcheck.nvml import ask


def display_attached(gpu: Handle) -> Fact[bool]:
    """A monitor is plugged in."""
    return ask("nvmlDeviceGetDisplayMode", gpu, take=bool)


def display_active(gpu: Handle) -> Fact[bool]:
    """A display server has memory on it; nvml.h: "even when no monitor is attached"."""
    return ask("nvmlDeviceGetDisplayActive", gpu, take=bool)


def persistence_mode(gpu: Handle) -> Fact[bool]:
    """The GPU stays awake while nobody uses it."""
    return ask("nvmlDeviceGetPersistenceMode", gpu, take=bool)


def compute_mode(gpu: Handle) -> Fact[str]:
    """`default`, `exclusive process`, `prohibited`."""
    return ask(
        "nvmlDeviceGetComputeMode", gpu, take=lambda number: word(numbers.COMPUTE_MODES, number)
    )


def addressing_mode(gpu: Handle) -> Fact[str]:
    """`HMM`, `ATS`, `none`; drivers after 555 tell it."""
    return ask(
        "nvmlDeviceGetAddressingMode",
        gpu,
        take=lambda number: word(numbers.ADDRESSING_MODES, number),
    )
