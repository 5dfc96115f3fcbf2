"""Every rule, in the order in which they are told where nothing else decides."""

from rigcheck.rules.building import nvcc_torch_cuda_mismatch
from rigcheck.rules.card_memory import ecc_or_row_remap
from rigcheck.rules.cards import card_identity_mismatch, resizable_bar_off, vram_too_small
from rigcheck.rules.compiling import framework_compiler_fails, torch_compile_fails
from rigcheck.rules.computations import framework_fails
from rigcheck.rules.containers import container_lost_gpu_cgroup, container_without_nvidia_runtime
from rigcheck.rules.cpu import cpu_lacks_instructions
from rigcheck.rules.cpu_threads import cpu_threads_oversubscribed
from rigcheck.rules.cuda_start import cuda_compat_library_on_geforce, cuda_dead_after_suspend
from rigcheck.rules.cudnn import cudnn_not_found, cudnn_version_mismatch
from rigcheck.rules.device_order import mig_one_instance_per_process, mixed_gpus_index_order
from rigcheck.rules.driver_age import driver_too_old
from rigcheck.rules.driver_branch import driver_branch_end_of_life
from rigcheck.rules.driver_libraries import driver_library_mismatch
from rigcheck.rules.driver_module import kernel_module_not_loaded, nouveau_bound
from rigcheck.rules.extension_code import extension_built_for_other_arch
from rigcheck.rules.frameworks import framework_sees_no_gpu
from rigcheck.rules.gpu_age import gpu_too_old, ptx_jit_slow_start
from rigcheck.rules.gpu_calls import gpu_call_fails
from rigcheck.rules.gpu_holders import display_on_compute_gpu, gpu_memory_held_by_others
from rigcheck.rules.gpu_missing import gpu_does_not_answer, gpu_missing_from_nvml
from rigcheck.rules.gpu_presence import no_nvidia_gpu
from rigcheck.rules.gpu_support import gpu_not_supported_by_driver, open_module_required
from rigcheck.rules.held_back import power_brake, power_or_clock_capped, thermal_throttle
from rigcheck.rules.interpreters import interpreter_unusable
from rigcheck.rules.library_copies import libraries_loaded_twice
from rigcheck.rules.loaded_libraries import (
    cuda_libs_from_ld_library_path,
    cudnn_from_ld_library_path,
)
from rigcheck.rules.memory_room import memory_too_small
from rigcheck.rules.module_build import kernel_module_not_built, secure_boot_blocks_module
from rigcheck.rules.numpy_abi import numpy2_abi
from rigcheck.rules.nvml_library import nvml_library_missing
from rigcheck.rules.nvml_refusal import nvml_init_refused
from rigcheck.rules.peer_to_peer import iommu_acs_blocks_p2p
from rigcheck.rules.power_supply import power_supply_headroom
from rigcheck.rules.reach import network_link_slow, sshd_exposed
from rigcheck.rules.room import cgroup_limits_cpu, disk_too_full
from rigcheck.rules.rule import Rule
from rigcheck.rules.services import fabric_manager, persistence_mode_off
from rigcheck.rules.surroundings import shm_too_small
from rigcheck.rules.torch_imports import (
    torch_import_crashes,
    torch_import_fails,
    torch_import_hangs,
    torch_missing,
)
from rigcheck.rules.torchvision import torchvision_torch_mismatch
from rigcheck.rules.twins import gpu_outlier
from rigcheck.rules.visible_devices import cuda_visible_devices, cuda_visible_devices_set_too_late
from rigcheck.rules.vram import vram_errors
from rigcheck.rules.wheel_grounds import glibc_too_old, python_without_wheels
from rigcheck.rules.wheels import cpu_only_wheel, gpu_arch_not_in_wheel
from rigcheck.rules.wsl import wsl1, wsl_windows_build_or_driver
from rigcheck.rules.xids import xid79_fell_off_bus, xid_errors

# Deepest causes first, so that of two equally bad ones the report leads with the deeper.
RULES: tuple[Rule, ...] = (
    no_nvidia_gpu,
    kernel_module_not_built,
    secure_boot_blocks_module,
    gpu_not_supported_by_driver,
    open_module_required,
    nouveau_bound,
    kernel_module_not_loaded,
    driver_library_mismatch,
    nvml_library_missing,
    nvml_init_refused,
    xid79_fell_off_bus,
    xid_errors,
    power_supply_headroom,
    gpu_missing_from_nvml,
    gpu_does_not_answer,
    fabric_manager,
    cuda_dead_after_suspend,
    cuda_compat_library_on_geforce,
    ecc_or_row_remap,
    vram_errors,
    card_identity_mismatch,
    wsl1,
    wsl_windows_build_or_driver,
    container_without_nvidia_runtime,
    container_lost_gpu_cgroup,
    cuda_visible_devices,
    cpu_lacks_instructions,
    glibc_too_old,
    interpreter_unusable,
    python_without_wheels,
    torch_missing,
    cuda_libs_from_ld_library_path,
    torch_import_crashes,
    torch_import_hangs,
    torch_import_fails,
    cpu_only_wheel,
    gpu_too_old,
    gpu_arch_not_in_wheel,
    driver_too_old,
    extension_built_for_other_arch,
    torchvision_torch_mismatch,
    gpu_memory_held_by_others,
    display_on_compute_gpu,
    gpu_outlier,
    iommu_acs_blocks_p2p,
    power_brake,
    thermal_throttle,
    power_or_clock_capped,
    resizable_bar_off,
    vram_too_small,
    persistence_mode_off,
    driver_branch_end_of_life,
    cudnn_from_ld_library_path,
    cudnn_version_mismatch,
    cudnn_not_found,
    gpu_call_fails,
    framework_sees_no_gpu,
    framework_fails,
    numpy2_abi,
    torch_compile_fails,
    framework_compiler_fails,
    ptx_jit_slow_start,
    mig_one_instance_per_process,
    mixed_gpus_index_order,
    cuda_visible_devices_set_too_late,
    libraries_loaded_twice,
    nvcc_torch_cuda_mismatch,
    disk_too_full,
    memory_too_small,
    cpu_threads_oversubscribed,
    cgroup_limits_cpu,
    shm_too_small,
    network_link_slow,
    sshd_exposed,
)
