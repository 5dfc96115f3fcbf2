"""The rig: all parts together."""

import msgspec

from rigcheck.facts.compilers import Compile
from rigcheck.facts.cpu import Cpu
from rigcheck.facts.driver import Driver, Toolkit
from rigcheck.facts.frameworks import Frameworks, Torch
from rigcheck.facts.gpu import Nvml
from rigcheck.facts.host import Host, Memory, Storage
from rigcheck.facts.messages import KernelLog, Symptoms
from rigcheck.facts.network import Network
from rigcheck.facts.pci import Pci
from rigcheck.facts.python_env import Environment, PythonEnv
from rigcheck.facts.vram import Vram


class Rig(msgspec.Struct, frozen=True, kw_only=True):
    """A machine: one part a probe."""

    host: Host = Host()
    cpu: Cpu = Cpu()
    memory: Memory = Memory()
    storage: Storage = Storage()
    network: Network = Network()
    pci: Pci = Pci()
    driver: Driver = Driver()
    kernel_log: KernelLog = KernelLog()
    nvml: Nvml = Nvml()
    python: PythonEnv = PythonEnv()
    torch: Torch = Torch()
    vram: Vram = Vram()
    frameworks: Frameworks = Frameworks()
    compile: Compile = Compile()
    toolkit: Toolkit = Toolkit()
    environment: Environment = Environment()
    symptoms: Symptoms = Symptoms()
