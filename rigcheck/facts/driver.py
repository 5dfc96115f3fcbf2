"""NVIDIA's software outside any interpreter: the driver, and CUDA for building."""

import msgspec

from rigcheck.facts.fact import NOT_ASKED, Fact, Part


class Driver(Part, frozen=True, kw_only=True):
    """The NVIDIA driver's two halves, as files and kernel state, without asking the driver."""

    module_version: Fact[str] = NOT_ASKED
    """Of the kernel module that is loaded."""
    module_on_disk_version: Fact[str] = NOT_ASKED
    """Of the module that the running kernel would load."""
    module_kind: Fact[str] = NOT_ASKED
    """`open` or `closed`."""
    nouveau_loaded: Fact[bool] = NOT_ASKED
    library_version: Fact[str] = NOT_ASKED
    """Of the user-space libraries on disk (libcuda, libnvidia-ml)."""
    library_path: Fact[str] = NOT_ASKED
    """Where the loader finds libcuda."""
    fabric_manager_running: Fact[bool] = NOT_ASKED
    """The service that sets NVSwitches up."""
    control_device: Fact[str] = NOT_ASKED
    """Path of the device file by which programs reach the driver (/dev/nvidiactl, in WSL
    /dev/dxg), if it could be opened; a container may see it and be refused."""


class CudaCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A CUDA toolkit on this machine, outside the interpreter's own packages."""

    path: str
    """Its folder: `/usr/local/cuda-12.1`."""
    version: Fact[str]


class CudnnCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A cuDNN on this machine, outside the interpreter's own packages."""

    path: str
    """Of its main library."""
    version: Fact[str]
    """As far as the file's name tells: `9.4.0`, or `8`."""
    origin: str
    """`toolkit` (in a CUDA toolkit's folder), `system` or `user`."""


class Toolkit(Part, frozen=True, kw_only=True):
    """CUDA for building: the compiler and the copies of CUDA and cuDNN of the system.

    A framework from a wheel brings its own libraries and needs none of it.
    """

    nvcc_version: Fact[str] = NOT_ASKED
    """Of the nvcc that a build would take: in CUDA_HOME, else on PATH, else in /usr/local/cuda."""
    nvcc_path: Fact[str] = NOT_ASKED
    building: Fact[str] = NOT_ASKED
    """The extension that somebody builds here, as pip's log names it."""
    cuda_copies: Fact[tuple[CudaCopy, ...]] = NOT_ASKED
    cudnn_copies: Fact[tuple[CudnnCopy, ...]] = NOT_ASKED
