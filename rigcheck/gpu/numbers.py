"""The numbers of nvml.h, and the words that people know them by.

From the header of PyPI's nvidia-nvml-dev 13.5.
"""

from collections.abc import Mapping

CLOCK_GRAPHICS, CLOCK_SM, CLOCK_MEMORY, CLOCK_VIDEO = range(4)
"""nvmlClockType_t."""
TEMPERATURE_GPU = 0
"""nvmlTemperatureSensors_t."""
THRESHOLD_SHUTDOWN, THRESHOLD_SLOWDOWN, THRESHOLD_MEMORY_MAX, THRESHOLD_GPU_MAX = range(4)
"""nvmlTemperatureThresholds_t."""
ECC_CORRECTED, ECC_UNCORRECTED = range(2)
"""nvmlMemoryErrorType_t."""
ECC_VOLATILE, ECC_AGGREGATE = range(2)
"""nvmlEccCounterType_t."""
RETIRED_SINGLE_BIT, RETIRED_DOUBLE_BIT = range(2)
"""nvmlPageRetirementCause_t."""
PCIE_SENT, PCIE_RECEIVED = range(2)
"""nvmlPcieUtilCounter_t, as the GPU sees it."""
P2P_READ, P2P_WRITE, P2P_NVLINK = range(3)
"""nvmlGpuP2PCapsIndex_t."""
XID_EVENTS = 8
"""nvmlEventTypeXidCriticalError."""
NVLINK_LIMIT = 36
"""NVML_NVLINK_MAX_LINKS."""
NOT_AVAILABLE = 2**64 - 1
"""NVML_VALUE_NOT_AVAILABLE, of a size."""

FIELD_MEMORY_TEMPERATURE = 82
FIELD_NVLINK_COUNT = 91
FIELD_RECOVERY_ACTION = 230

BRANDS = {
    1: "Quadro",
    2: "Tesla",
    3: "NVS",
    4: "GRID",
    5: "GeForce",
    6: "Titan",
    7: "NVIDIA Virtual Applications",
    8: "NVIDIA Virtual PC",
    9: "NVIDIA Virtual Compute Server",
    10: "NVIDIA RTX Virtual Workstation",
    11: "NVIDIA Cloud Gaming",
    12: "Quadro RTX",
    13: "NVIDIA RTX",
    14: "NVIDIA",
    15: "GeForce RTX",
    16: "Titan RTX",
}
ARCHITECTURES = {
    2: "Kepler",
    3: "Maxwell",
    4: "Pascal",
    5: "Volta",
    6: "Turing",
    7: "Ampere",
    8: "Ada",
    9: "Hopper",
    10: "Blackwell",
    13: "Rubin",
}
COMPUTE_MODES = {0: "default", 1: "exclusive thread", 2: "prohibited", 3: "exclusive process"}
ADDRESSING_MODES = {0: "none", 1: "HMM", 2: "ATS"}
RECOVERY_ACTIONS = {
    0: "none",
    1: "GPU reset",
    2: "node reboot",
    3: "drain P2P",
    4: "drain P2P and reset",
    5: "recover IMEX domain",
    6: "PCIe bus reset",
    7: "system reboot",
}
ANCESTORS = {
    0: "same board",
    10: "one PCIe switch",
    20: "several PCIe switches",
    30: "host bridge",
    40: "same NUMA node",
    50: "system",
}
P2P_STATUSES = {
    0: "ok",
    1: "chipset not supported",
    2: "GPU not supported",
    3: "I/O hub topology not supported",
    4: "disabled by a driver setting",
    5: "not supported",
    6: "unknown",
}
NVLINK_VERSIONS = {
    1: "1.0",
    2: "2.0",
    3: "2.2",
    4: "3.0",
    5: "3.1",
    6: "4.0",
    7: "5.0",
    8: "6.0",
}
_REASONS = {
    0x1: "idle",
    0x2: "application clocks",
    0x4: "power cap",
    0x8: "hardware slowdown",
    0x10: "sync boost",
    0x20: "software thermal slowdown",
    0x40: "hardware thermal slowdown",
    0x80: "power brake",
    0x100: "display clocks",
    0x200: "board limit",
    0x400: "reliability limit",
}
"""nvmlClocksEventReasons, of which Python's bindings name only the first nine."""


def word(words: Mapping[int, str], number: int) -> str:
    """The word for a number; one that is newer than the table keeps its number."""
    return words.get(number, f"number {number}")


def reason_words(mask: int) -> tuple[str, ...]:
    """`0x84` → `("power cap", "power brake")`; a bit without a name as itself, `0x800`."""
    bits = (1 << place for place in range(mask.bit_length()))
    return tuple(_REASONS.get(bit, hex(bit)) for bit in bits if mask & bit)
