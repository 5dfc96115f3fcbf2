"""What a rig is: every fact rigcheck can know of a machine, typed, each with its source.

A fact is `Found`, `Absent` for a reason, or `Failed` with an error; it is never 0, "" or None in
place of a value that could not be read. A part of the rig nobody asked for is all `NOT_ASKED`, so
a partial rig (a probe still running, a pasted report) has the same shape as a whole one.

Units are in the field names (`_bytes`, `_s`, `_mhz`, `_mbit_per_s`, `_w`, `_c` for °C); byte counts
are exact.

| file | what it tells |
| --- | --- |
| `fact` | what a fact and a part are |
| `host` | the operating system, main memory, filesystems |
| `cpu` | the processor |
| `network` | links, SSH, the firewall |
| `pci` | NVIDIA's cards and switches on the bus, without any driver |
| `driver` | the driver's files and module, CUDA toolkits |
| `gpu` | each GPU, and how two reach one another, as NVML tells |
| `messages` | the kernel's log, error texts that somebody met |
| `python_env` | the interpreter, environment variables |
| `frameworks` | PyTorch and others, the libraries they load, the computations they were given |
| `compilers` | the frameworks' own compilers, tried on demand |
| `vram` | a test of the GPUs' memory |
| `rig` | all of it together |

Everything is imported from here: `from rigcheck.facts import Gpu`.
"""

from rigcheck.facts.compilers import Compile, CompileTrial
from rigcheck.facts.cpu import Cache, Cpu
from rigcheck.facts.driver import CudaCopy, CudnnCopy, Driver, Toolkit
from rigcheck.facts.fact import (
    NOT_ASKED,
    Absent,
    Fact,
    Failed,
    Found,
    Part,
    Reason,
    T,
    is_known_absent,
    value_of,
)
from rigcheck.facts.frameworks import (
    Extension,
    Framework,
    Frameworks,
    LoadedLibrary,
    Stage,
    Torch,
    TorchDevice,
)
from rigcheck.facts.gpu import (
    Gpu,
    GpuPair,
    GpuProcess,
    MigInstance,
    NvLink,
    Nvml,
    ProcessKind,
    RemappedRows,
)
from rigcheck.facts.host import Filesystem, Host, Memory, Storage
from rigcheck.facts.messages import KernelLog, KernelMessage, OomKill, Symptom, Symptoms, Xid
from rigcheck.facts.network import Network, NetworkInterface
from rigcheck.facts.pci import Pci, PciBridge, PciGpu
from rigcheck.facts.python_env import Distribution, Environment, PythonEnv
from rigcheck.facts.rig import Rig
from rigcheck.facts.vram import MemoryMistake, MemoryTrial, Vram

__all__ = [
    "NOT_ASKED",
    "Absent",
    "Cache",
    "Compile",
    "CompileTrial",
    "Cpu",
    "CudaCopy",
    "CudnnCopy",
    "Distribution",
    "Driver",
    "Environment",
    "Extension",
    "Fact",
    "Failed",
    "Filesystem",
    "Found",
    "Framework",
    "Frameworks",
    "Gpu",
    "GpuPair",
    "GpuProcess",
    "Host",
    "KernelLog",
    "KernelMessage",
    "LoadedLibrary",
    "Memory",
    "MemoryMistake",
    "MemoryTrial",
    "MigInstance",
    "Network",
    "NetworkInterface",
    "NvLink",
    "Nvml",
    "OomKill",
    "Part",
    "Pci",
    "PciBridge",
    "PciGpu",
    "ProcessKind",
    "PythonEnv",
    "Reason",
    "RemappedRows",
    "Rig",
    "Stage",
    "Storage",
    "Symptom",
    "Symptoms",
    "T",
    "Toolkit",
    "Torch",
    "TorchDevice",
    "Vram",
    "Xid",
    "is_known_absent",
    "value_of",
]
