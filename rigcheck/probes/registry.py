"""All probes, in the order in which people read them."""

from rigcheck.probes import (
    cpu,
    driver,
    host,
    kernel_log,
    memory,
    network,
    nvml,
    pci,
    python_env,
    storage,
    torch,
)
from rigcheck.probes.probe import Probe

PROBES: tuple[Probe, ...] = (
    pci.PROBE,
    driver.PROBE,
    kernel_log.PROBE,
    nvml.PROBE,
    torch.PROBE,
    python_env.PROBE,
    cpu.PROBE,
    memory.PROBE,
    storage.PROBE,
    network.PROBE,
    host.PROBE,
)
