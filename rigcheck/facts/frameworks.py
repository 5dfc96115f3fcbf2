"""PyTorch and the frameworks beside it, asked in a process of their own."""

import msgspec

from rigcheck.facts.fact import NOT_ASKED, Fact, Part, value_of


class LoadedLibrary(msgspec.Struct, frozen=True, kw_only=True):
    """A library for computing mapped into a process that has imported a framework.

    The driver's, CUDA's and cuDNN's, NCCL, MKL and other BLAS libraries, and OpenMP's runtimes.
    """

    name: str
    """As it is linked: `libcudnn.so.9`, `libnvJitLink.so.12`."""
    path: str
    owner: Fact[str] = NOT_ASKED
    """The package that brought the file: `nvidia-cudnn-cu13 9.26.0`; not there where none did."""
    found_by: Fact[str] = NOT_ASKED
    """What led the loader there: `LD_LIBRARY_PATH`, `RPATH of libtorch.so`, `RUNPATH of …`,
    `system path`, or `its own path` where a program opened it so."""


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A step of asking a framework, with how it went.

    A small computation's result is held against the known right one.
    """

    name: str
    """`import torch`, `context`, `first kernel`, `BLAS`, `convolution`, `half precision`, …"""
    device: str = ""
    """Where it ran, as the framework names it: `cpu`, `cuda:0`; empty where on none."""
    duration_s: float
    error: str
    """The words of the failure, or how the process ended in it; empty where it went well."""


class TorchDevice(msgspec.Struct, frozen=True, kw_only=True):
    """An accelerator as torch counts it."""

    device: str
    """`cuda:0`, `xpu:0`, `mps`."""
    name: str
    uuid: Fact[str] = NOT_ASKED
    """`GPU-…` as NVML spells it."""
    pci_bus_id: Fact[str] = NOT_ASKED
    compute_capability: Fact[str] = NOT_ASKED
    memory_total_bytes: Fact[int] = NOT_ASKED


class Torch(Part, frozen=True, kw_only=True):
    """PyTorch and torchvision, asked in a child of the interpreter being checked."""

    installed_version: Fact[str] = NOT_ASKED
    """From its metadata: known even when the import fails."""
    version: Fact[str] = NOT_ASKED
    """`torch.__version__`: found only if the import works; else failed with what happened."""
    cuda_built_version: Fact[str] = NOT_ASKED
    """CUDA the wheel was built with, `13.2`; not there in a CPU-only wheel."""
    hip_built_version: Fact[str] = NOT_ASKED
    cudnn_version: Fact[str] = NOT_ASKED
    """Of the cuDNN that is loaded, `9.26.0`."""
    nccl_version: Fact[str] = NOT_ASKED
    arch_list: Fact[tuple[str, ...]] = NOT_ASKED
    """`sm_75`, `compute_120`, …: the GPU code in the wheel, known without a GPU."""
    cuda_available: Fact[bool] = NOT_ASKED
    """Failed with torch's own words where its CUDA could not start."""
    devices: Fact[tuple[TorchDevice, ...]] = NOT_ASKED
    cpu_capability: Fact[str] = NOT_ASKED
    """What torch's CPU kernels dispatch to: `DEFAULT`, `AVX2`, `AVX512`, …"""
    threads: Fact[int] = NOT_ASKED
    blas: Fact[str] = NOT_ASKED
    torchvision_installed_version: Fact[str] = NOT_ASKED
    torchvision_version: Fact[str] = NOT_ASKED
    """Found only if its parts that meet torch can be imported."""
    numpy_works: Fact[bool] = NOT_ASKED
    """Whether a tensor becomes a NumPy array; failed with torch's words where it does not."""
    loaded_libraries: Fact[tuple[LoadedLibrary, ...]] = NOT_ASKED
    stages: Fact[tuple[Stage, ...]] = NOT_ASKED
    """In the order in which they were entered; the last is the one in which the process died."""

    @property
    def known_version(self) -> str | None:
        """As it tells itself once imported, else by its metadata; None where neither is known."""
        return value_of(self.version) or value_of(self.installed_version)


class Framework(msgspec.Struct, frozen=True, kw_only=True):
    """A framework beside torch, such as TensorFlow, JAX, CuPy or ONNX Runtime."""

    name: str
    """As pip knows it: `tensorflow`, `jax`, `cupy-cuda12x`, `onnxruntime-gpu`, `pytensor`."""
    version: Fact[str] = NOT_ASKED
    cuda_built_version: Fact[str] = NOT_ASKED
    """Not there in a build without CUDA."""
    cudnn_built_version: Fact[str] = NOT_ASKED
    backend: Fact[str] = NOT_ASKED
    """What Keras computes with: `tensorflow`, `jax`, `torch`."""
    sees_gpu: Fact[bool] = NOT_ASKED
    """Failed with its own words where it says why not."""
    devices: Fact[tuple[str, ...]] = NOT_ASKED
    """As it names them: `CPU:0`, `cuda:0`, `CUDAExecutionProvider`."""
    graph_ran_on: Fact[str] = NOT_ASKED
    """Where PyTensor's compiled graph of exp(x) says that it ran: `CPU` or `GPU`."""
    loaded_libraries: Fact[tuple[LoadedLibrary, ...]] = NOT_ASKED
    stages: Fact[tuple[Stage, ...]] = NOT_ASKED
    """As `Torch.stages`."""

    @property
    def title(self) -> str:
        """`jax`, `keras on jax`."""
        backend = value_of(self.backend)
        return f"{self.name} on {backend}" if backend else self.name


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled extension of torch with GPU code of its own, such as vLLM or flash-attn."""

    name: str
    version: Fact[str] = NOT_ASKED
    cuda_built_version: Fact[str] = NOT_ASKED
    arch_list: Fact[tuple[str, ...]] = NOT_ASKED
    """`sm_75`, `compute_80`, …: the GPU code in it."""


class Frameworks(Part, frozen=True, kw_only=True):
    """What else computes on the GPU in the interpreter being checked."""

    installed: Fact[tuple[Framework, ...]] = NOT_ASKED
    extensions: Fact[tuple[Extension, ...]] = NOT_ASKED
