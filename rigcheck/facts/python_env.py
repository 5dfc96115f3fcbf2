"""The interpreter being checked, and the environment variables it is given."""

import msgspec

from rigcheck.facts.fact import NOT_ASKED, Fact, Part


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """An installed Python distribution, from its metadata."""

    name: str
    """Normalised as in PEP 503."""
    version: str


class PythonEnv(Part, frozen=True, kw_only=True):
    """The interpreter being checked, told by itself, nothing imported but its standard library."""

    executable: Fact[str] = NOT_ASKED
    version: Fact[str] = NOT_ASKED
    implementation: Fact[str] = NOT_ASKED
    environment: Fact[str] = NOT_ASKED
    """`venv`, `uv`, `conda` or `system`."""
    prefix: Fact[str] = NOT_ASKED
    externally_managed: Fact[bool] = NOT_ASKED
    """PEP 668: pip refuses to install here."""
    has_pip: Fact[bool] = NOT_ASKED
    distributions: Fact[tuple[Distribution, ...]] = NOT_ASKED
    """Those that matter here: frameworks, CUDA and cuDNN wheels, NumPy."""
    cpu_flags: Fact[tuple[str, ...]] = NOT_ASKED
    """The instruction sets that a process of this interpreter sees by CPUID, in /proc/cpuinfo
    names; under an emulator they are not the machine's."""


class Environment(Part, frozen=True, kw_only=True):
    """Environment variables that change what CUDA programs see, or how many threads compute.

    One that is not set is not there.
    """

    ld_library_path: Fact[str] = NOT_ASKED
    ld_preload: Fact[str] = NOT_ASKED
    cuda_home: Fact[str] = NOT_ASKED
    cuda_visible_devices: Fact[str] = NOT_ASKED
    """Found as "" where it is set and empty, which hides every GPU."""
    cuda_device_order: Fact[str] = NOT_ASKED
    nvidia_visible_devices: Fact[str] = NOT_ASKED
    """What the NVIDIA container runtime was asked for."""
    nvidia_driver_capabilities: Fact[str] = NOT_ASKED
    torch_cuda_arch_list: Fact[str] = NOT_ASKED
    omp_num_threads: Fact[str] = NOT_ASKED
    mkl_num_threads: Fact[str] = NOT_ASKED
