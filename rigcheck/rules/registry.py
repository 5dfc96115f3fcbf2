"""Every rule, in the order in which they are told where nothing else decides."""

from rigcheck.rules.cpu import cpu_lacks_instructions
from rigcheck.rules.driver_age import driver_too_old
from rigcheck.rules.driver_libraries import driver_library_mismatch
from rigcheck.rules.driver_module import kernel_module_not_loaded, nouveau_bound
from rigcheck.rules.gpu_age import gpu_too_old, ptx_jit_slow_start
from rigcheck.rules.gpu_presence import no_nvidia_gpu
from rigcheck.rules.rule import Rule
from rigcheck.rules.surroundings import shm_too_small
from rigcheck.rules.torch_imports import torch_import_fails, torch_missing
from rigcheck.rules.torchvision import torchvision_torch_mismatch
from rigcheck.rules.wheels import cpu_only_wheel, gpu_arch_not_in_wheel

# Deepest causes first, so that of two equally bad ones the report leads with the deeper.
RULES: tuple[Rule, ...] = (
    no_nvidia_gpu,
    nouveau_bound,
    kernel_module_not_loaded,
    driver_library_mismatch,
    cpu_lacks_instructions,
    torch_missing,
    torch_import_fails,
    cpu_only_wheel,
    gpu_too_old,
    gpu_arch_not_in_wheel,
    driver_too_old,
    torchvision_torch_mismatch,
    ptx_jit_slow_start,
    shm_too_small,
)
