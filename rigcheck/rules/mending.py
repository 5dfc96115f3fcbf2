"""How each bad state is mended, in a sentence for every machine.

A finding tells it for the machine at hand, with its commands; this is for those who read up.
"""

from collections.abc import Mapping

MENDING: Mapping[str, str] = {
    "no-nvidia-gpu": (
        "Seat the card, plug in its power, switch its slot on in the firmware set-up; give a "
        "virtual machine one from outside."
    ),
    "wsl1": "Convert the distribution to WSL 2: `wsl --set-version DISTRIBUTION 2`.",
    "wsl-windows-build-or-driver": (
        "Update Windows, WSL (`wsl --update`) and NVIDIA's driver in Windows; take a Linux "
        "driver out of the distribution."
    ),
    "container-without-nvidia-runtime": (
        "Install NVIDIA's container toolkit on the host and start the container with `--gpus all`."
    ),
    "container-lost-gpu-cgroup": (
        "Start the container again; then let Docker manage control groups itself, or pass the "
        "devices by name or as CDI devices."
    ),
    "nouveau-bound": (
        "Install NVIDIA's driver, keep nouveau from loading, also in the early boot image, "
        "and restart."
    ),
    "kernel-module-not-loaded": (
        "Load the module, build it for the running kernel, or install the driver: which of "
        "them, the finding tells by what is on disk."
    ),
    "driver-library-mismatch": "Restart; if it stays, build the module of the installed libraries.",
    "cuda-visible-devices": "Unset the variable, or name GPUs by UUID.",
    "cpu-lacks-instructions": (
        "Install a release without the need, give a virtual machine the host's CPU type, or "
        "build from source."
    ),
    "glibc-too-old": (
        "Use a newer distribution or a container with one, or the last release that the C "
        "library serves."
    ),
    "interpreter-unusable": (
        "Make the environment anew with a Python that is there, or check another one."
    ),
    "python-without-wheels": (
        "Make an environment with a Python that has wheels, or take the first release with "
        "wheels for this one."
    ),
    "torch-missing": "Install the newest torch that serves the GPUs, the driver and this Python.",
    "cuda-libs-from-ld-library-path": "Take CUDA's folders out of LD_LIBRARY_PATH.",
    "torch-import-crashes": (
        "The signal tells: another CPU, more memory, or the same pair of torch and "
        "torchvision installed again."
    ),
    "torch-import-hangs": (
        "See whether the driver answers (`nvidia-smi`) and whether the disk does."
    ),
    "torch-import-fails": (
        "Install the same pair again with all it needs, unless the error names another cause."
    ),
    "cpu-only-wheel": (
        "Install torch from the index of a CUDA variant that serves the GPUs and runs on the "
        "driver."
    ),
    "gpu-too-old": (
        "Install the last release with the GPU's kernels, with the Python and the driver of "
        "its time; else build from source, or train on the CPU."
    ),
    "gpu-arch-not-in-wheel": "Install the newest torch variant that has code for all the GPUs.",
    "driver-too-old": "Install a newer driver, or a torch for an older CUDA.",
    "extension-built-for-other-arch": (
        "Rebuild the extension with TORCH_CUDA_ARCH_LIST naming the GPUs."
    ),
    "torchvision-torch-mismatch": "Install the pair from one index in one command.",
    "cudnn-from-ld-library-path": "Take that cuDNN's folder out of LD_LIBRARY_PATH.",
    "cudnn-version-mismatch": "Let each framework find its own cuDNN: one environment a framework.",
    "cudnn-not-found": (
        "Put the folder of the wheel's cuDNN into LD_LIBRARY_PATH of the program, or install "
        "nvidia-cudnn of the major it asks for."
    ),
    "gpu-call-fails": (
        "Load nvidia_uvm again, read the kernel's log, restart; then suspect the card."
    ),
    "framework-sees-no-gpu": (
        "Install the framework with its CUDA half, in an environment of its own."
    ),
    "framework-fails": (
        "Install the framework again with all it needs, in an environment of its own; where its "
        "process dies of SIGILL, use another CPU or another framework."
    ),
    "torch-compile-fails": (
        "Install what it lacks: a C++ compiler, Python's headers, the Triton that fits torch; for "
        "a GPU before Volta leave torch.compile out."
    ),
    "framework-compiler-fails": (
        "Install what it lacks: a C++ compiler, Python's headers, a NumPy that it takes."
    ),
    "numpy2-abi": 'Install "numpy<2", or a release made for NumPy 2.',
    "ptx-jit-slow-start": (
        "Enlarge the driver's cache (CUDA_CACHE_MAXSIZE), or take a build with machine code "
        "for the GPU."
    ),
    "mig-one-instance-per-process": (
        "Start one process an instance, each with its MIG UUID in CUDA_VISIBLE_DEVICES."
    ),
    "mixed-gpus-index-order": "Set CUDA_DEVICE_ORDER=PCI_BUS_ID, or name GPUs by UUID.",
    "cuda-visible-devices-set-too-late": "Set the variable before the program starts.",
    "libraries-loaded-twice": "Take all rival packages out and install the one that is wanted.",
    "nvcc-torch-cuda-mismatch": (
        "Build with the toolkit of torch's CUDA (CUDA_HOME), or take a ready wheel of the "
        "extension."
    ),
    "disk-too-full": "Clear pip's cache and old environments; set TMPDIR to where there is room.",
    "memory-too-small": (
        "End what holds memory, give the machine more, add swap, use fewer workers."
    ),
    "cpu-threads-oversubscribed": (
        "Take OMP_NUM_THREADS out of the environment, or set it to the physical cores."
    ),
    "cgroup-limits-cpu": "Set OMP_NUM_THREADS to the CPUs granted, or grant more.",
    "shm-too-small": "Start the container with `--shm-size=8g` or `--ipc=host`.",
    "network-link-slow": "Change the cable or the port.",
    "sshd-exposed": "Log in by key, switch password login off, switch the firewall on.",
    "kernel-module-not-built": (
        "Install the running kernel's headers and build the module (`dkms autoinstall`), or start "
        "the kernel it was built for."
    ),
    "secure-boot-blocks-module": (
        "Enrol the key that signed the module (`mokutil --import`) and restart, or switch Secure "
        "Boot off."
    ),
    "gpu-not-supported-by-driver": "Install the branch and the module that drive the card.",
    "open-module-required": "Install the driver package whose name ends in -open, and restart.",
    "nvml-library-missing": (
        "Install the user-space half of the driver, in the version of the loaded module; give a "
        "container NVIDIA's runtime."
    ),
    "nvml-init-refused": (
        "Give this user access to /dev/nvidia*, or start the container or the driver again: the "
        "library's own words tell which."
    ),
    "xid79-fell-off-bus": (
        "Switch the machine off and on; then seat the card, check its power cables and the "
        "supply, keep it cooler."
    ),
    "power-supply-headroom": (
        "A stronger supply, a cable of its own for each plug; until then lower power limits."
    ),
    "xid-errors": (
        "What the code asks for: restart the program or the driver, or look at the hardware."
    ),
    "gpu-missing-from-nvml": (
        "Read the kernel's log for the reason; seat the card and its power cables; switch on "
        "Above 4G Decoding."
    ),
    "gpu-does-not-answer": "Power cables first, then a cold start; the driver's words tell which.",
    "fabric-manager": "Install the fabric manager of the driver's own version, and start it.",
    "cuda-dead-after-suspend": "Reload nvidia_uvm, or restart; let the driver save video memory.",
    "cuda-compat-library-on-geforce": "Take the compat folder out of the loader's path.",
    "ecc-or-row-remap": (
        "Restart where a repair is pending; have the card replaced where none is left."
    ),
    "vram-errors": (
        "Take back overclocks, see to cooling and power cables, test again; replace the card if "
        "errors stay."
    ),
    "card-identity-mismatch": "Hold the card's ids against its maker's data; return a false one.",
    "gpu-memory-held-by-others": "End the programs that hold the memory.",
    "display-on-compute-gpu": "Put the desktop on another GPU, or run the machine without one.",
    "gpu-outlier": "Give it its twins' settings and slot; if it stays, exchange the two cards.",
    "iommu-acs-blocks-p2p": (
        "Boot with iommu=pt, or switch the IOMMU (VT-d, AMD-Vi) and ACS off where no virtual "
        "machine needs them."
    ),
    "resizable-bar-off": "Switch Above 4G Decoding and Resizable BAR on in the firmware set-up.",
    "vram-too-small": "Train small networks in small batches, or on the CPU.",
    "persistence-mode-off": "Start nvidia-persistenced.",
    "driver-branch-end-of-life": "Install the newest branch that still drives the cards.",
    "power-brake": (
        "Give each plug of the card a cable of its own, see to a stronger supply, lower the power "
        "limit until then."
    ),
    "thermal-throttle": "Clean fans and filters, let air reach the card, renew its paste and pads.",
    "fan-stopped-hot": "Give the fans back to the card's own control; replace one that is broken.",
    "power-or-clock-capped": "Take the limit back, unless it was set on purpose.",
    "pcie-link-degraded": (
        "Seat the card anew, take out the riser, use the slot next to the processor, set its speed "
        "to Auto."
    ),
}
