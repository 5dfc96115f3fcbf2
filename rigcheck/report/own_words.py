"""Words that tell nothing of anybody: those that rigcheck itself uses, and names of products."""

import functools
import re

from rigcheck.report.schema import SCHEMA_PATH

_PRODUCTS = """
    admin box cloud compute computer desktop dev gpubox home instance kvm laptop lab machine main
    ml pc qemu rig server station test tower user vm work workstation
    ada alma amd ampere anaconda apple arch arm aws azure backend blackwell bash centos
    chrome chromium code colab cpu cuda cudnn cupy cursor debian default dgx docker fedora firefox
    geforce gnome gnome-shell google gpu grace gtx guest hopper ibm intel java jax jetson jupyter
    jupyter-lab jupyter-notebook kde kernel kwin linux localhost maxwell mint mps msi nobody node
    nvidia nvidia-smi ollama pascal pi plasmashell podman popos pt_main_thread python python3
    pytorch quadro raspberrypi root rtx slurm steam suse system tensorflow tesla titan torch
    torchrun turing ubuntu vagrant vast volta vulkan wayland windows wsl x x11 xorg xpu xwayland
"""


@functools.cache
def own_words() -> frozenset[str]:
    """In lower case. A user named `memory` is not given away by that word, which is here anyhow."""
    text = SCHEMA_PATH.read_text(encoding="utf-8").lower()
    return frozenset(re.findall(r"[a-z][a-z0-9]*", text)) | frozenset(_PRODUCTS.split())
