"""Every rule: its id, its grounds, its words."""

import re

from rigcheck.facts import Rig
from rigcheck.rules.registry import RULES

IDS = {
    "no-nvidia-gpu",
    "wsl1",
    "wsl-windows-build-or-driver",
    "container-without-nvidia-runtime",
    "container-lost-gpu-cgroup",
    "nouveau-bound",
    "kernel-module-not-loaded",
    "driver-library-mismatch",
    "cuda-visible-devices",
    "cpu-lacks-instructions",
    "glibc-too-old",
    "python-without-wheels",
    "torch-missing",
    "cuda-libs-from-ld-library-path",
    "torch-import-crashes",
    "torch-import-hangs",
    "torch-import-fails",
    "cpu-only-wheel",
    "gpu-too-old",
    "gpu-arch-not-in-wheel",
    "driver-too-old",
    "extension-built-for-other-arch",
    "torchvision-torch-mismatch",
    "cudnn-from-ld-library-path",
    "cudnn-version-mismatch",
    "cudnn-not-found",
    "gpu-call-fails",
    "framework-fails",
    "framework-sees-no-gpu",
    "numpy2-abi",
    "ptx-jit-slow-start",
    "mig-one-instance-per-process",
    "mixed-gpus-index-order",
    "cuda-visible-devices-set-too-late",
    "libraries-loaded-twice",
    "nvcc-torch-cuda-mismatch",
    "disk-too-full",
    "memory-too-small",
    "cgroup-limits-cpu",
    "cpu-threads-oversubscribed",
    "shm-too-small",
    "nvml-library-missing",
    "nvml-init-refused",
    "interpreter-unusable",
    "kernel-module-not-built",
    "secure-boot-blocks-module",
    "open-module-required",
    "gpu-not-supported-by-driver",
    "gpu-missing-from-nvml",
    "gpu-does-not-answer",
    "driver-branch-end-of-life",
    "persistence-mode-off",
    "power-supply-headroom",
    "fabric-manager",
    "cuda-dead-after-suspend",
    "cuda-compat-library-on-geforce",
    "gpu-memory-held-by-others",
    "display-on-compute-gpu",
    "resizable-bar-off",
    "ecc-or-row-remap",
    "xid-errors",
    "xid79-fell-off-bus",
    "card-identity-mismatch",
    "vram-errors",
    "torch-compile-fails",
    "framework-compiler-fails",
    "vram-too-small",
    "gpu-outlier",
    "iommu-acs-blocks-p2p",
    "power-brake",
    "thermal-throttle",
    "power-or-clock-capped",
    "network-link-slow",
    "sshd-exposed",
}
PARTS = set(Rig.__struct_fields__)


def test_the_ids_are_the_fixed_ones_each_once() -> None:
    assert sorted(rule.id for rule in RULES) == sorted(IDS)


def test_ids_are_kebab_case() -> None:
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id) for rule in RULES)


def test_every_rule_has_a_meaning_of_several_lines_and_a_link() -> None:
    for rule in RULES:
        assert rule.meaning.count("\n") > 2, rule.id
        assert rule.link.startswith("https://"), rule.id


def test_a_rules_group_and_grounds_are_parts_of_the_rig() -> None:
    for rule in RULES:
        assert rule.group in PARTS
        assert set(rule.needs) <= PARTS
        assert rule.group in rule.needs


def test_what_a_rule_follows_from_is_a_rule_and_nothing_follows_from_itself() -> None:
    follows = {rule.id: set(rule.follows) for rule in RULES}
    for id_, direct in follows.items():
        reached, frontier = set[str](), direct
        while frontier:
            assert frontier <= IDS
            reached |= frontier
            frontier = {deeper for cause in frontier for deeper in follows[cause]} - reached
        assert id_ not in reached
