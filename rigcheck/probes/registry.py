"""All probes, in the order in which people read them."""

from rigcheck.probes import (
    cpu,
    driver,
    environment,
    frameworks,
    host,
    kernel_log,
    memory,
    network,
    nvml,
    pci,
    python_env,
    storage,
    toolkit,
    torch,
    vram,
)
from rigcheck.probes.probe import Probe

PROBES: tuple[Probe, ...] = (
    pci.PROBE,
    driver.PROBE,
    kernel_log.PROBE,
    nvml.PROBE,
    torch.PROBE,
    vram.PROBE,
    python_env.PROBE,
    frameworks.PROBE,
    toolkit.PROBE,
    environment.PROBE,
    cpu.PROBE,
    memory.PROBE,
    storage.PROBE,
    network.PROBE,
    host.PROBE,
)
