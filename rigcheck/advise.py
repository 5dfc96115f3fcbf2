"""Advice for a machine before torch is there: driver, wheel, Python, CPU, power, and limits."""

from rigcheck.advice import Advice
from rigcheck.counsel.cpu import cpu
from rigcheck.counsel.display import display
from rigcheck.counsel.driver import driver
from rigcheck.counsel.frameworks import other_frameworks
from rigcheck.counsel.limits import limits
from rigcheck.counsel.memory import fits, unknown_memory
from rigcheck.counsel.power import power_supply
from rigcheck.counsel.torch import torch
from rigcheck.facts import Rig
from rigcheck.rules.gpus import known_gpus

PARTS = ("host", "cpu", "memory", "pci", "driver", "nvml", "python")
"""What is probed for it."""


def advise(rig: Rig) -> Advice:
    """What to install here, and what this machine will serve for."""
    gpus = known_gpus(rig)
    counsels = (
        *driver(rig, gpus),
        *torch(rig, gpus),
        *cpu(rig),
        *other_frameworks(rig, gpus),
        *power_supply(rig),
        *display(rig),
        *limits(gpus),
        *unknown_memory(rig, gpus),
    )
    return Advice(counsels=counsels, fits=tuple(fits(rig)))
