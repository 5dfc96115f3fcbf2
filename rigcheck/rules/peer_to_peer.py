"""Does the IOMMU stand between GPUs that copy to one another?"""

from collections.abc import Iterator, Sequence

from rigcheck.facts import Found, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.each_gpu import answering, without_answering_gpu
from rigcheck.rules.evidence import fact_text, passed, skipped, told, unknown
from rigcheck.rules.peer_ways import Pair, Way, pairs_of, turning_ports
from rigcheck.rules.places import Place, place_of, platform_of
from rigcheck.rules.remedies.kernel_module import distribution_family
from rigcheck.rules.rule import Judgement, rule

_SEE = "sudo lspci -vvv | grep -E '^[0-9a-f]|ACSCtl'"
_FEW = 4
"""Pairs that are told one by one: eight GPUs make 28."""


@rule(
    "iommu-acs-blocks-p2p",
    group="pci",
    needs=("host", "pci", "nvml"),
    link="https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/troubleshooting.html",
)
def iommu_acs_blocks_p2p(rig: Rig) -> Iterator[Judgement]:
    """GPUs copy to one another through an IOMMU that translates, so copies hang, lie or crawl.

    On bare metal NVIDIA's driver does not support that. The IOMMU stands in the way where it
    translates the cards' accesses (it does not with iommu=pt) and nothing leads straight across: no
    NVLink, and no PCIe switch that they share with its ACS redirection off. A virtual machine needs
    both. ACS is read from the bridges' configuration space, which takes root, else taken from the
    groups in which the kernel holds the cards apart.
    """
    other = _not_about_this(rig)
    if other is not None:
        yield other
        return
    pairs = tuple(pairs_of(rig))
    blocked = [pair for pair in pairs if pair.way is Way.THROUGH_IOMMU]
    unclear = [pair for pair in pairs if pair.way is Way.UNKNOWN]
    if not pairs:
        why = told("how the GPUs reach one another", rig.nvml.gpu_pairs)
        yield skipped("how the GPUs reach one another is not told", why)
    elif blocked:
        yield _blocked(rig, blocked)
    elif unclear:
        yield unknown(
            f"whether the IOMMU stands between {_named(unclear)} could not be told",
            *_evidence(rig, unclear),
            tells="The kernel's own words tell what it does",
            commands=("sudo dmesg | grep -iE 'iommu|DMAR'",),
        )
    else:
        yield passed("no IOMMU stands between the GPUs", *_evidence(rig, pairs))


def _not_about_this(rig: Rig) -> Judgement | None:
    if len(answering(rig)) < 2:  # noqa: PLR2004 -- a pair
        return without_answering_gpu(rig) or skipped(
            "one GPU has nobody to copy to", told("NVML", rig.nvml.gpu_pairs)
        )
    if isinstance(rig.host.hypervisor, Found) or place_of(rig) in (Place.WSL, Place.JETSON):
        return skipped(
            "a virtual machine needs the IOMMU of its host", told("hypervisor", rig.host.hypervisor)
        )
    if platform_of(rig) != "x86_64":
        return skipped(
            "not judged on this architecture", told("architecture", rig.host.architecture)
        )
    return None


def _blocked(rig: Rig, pairs: Sequence[Pair]) -> Judgement:
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"the IOMMU stands between {_named(pairs)}: copies from one to the other may "
        "hang, be wrong or be slow",
        evidence=_evidence(rig, pairs),
        remedy=_remedy(rig),
    )


def _remedy(rig: Rig) -> Remedy:
    on_host = "On the host: " if place_of(rig) is Place.CONTAINER else ""
    return Remedy(
        text=f"{on_host}Let the IOMMU pass the GPUs through (iommu=pt on the kernel's command "
        "line), or switch it off in the firmware's set-up (VT-d, AMD-Vi) unless virtual machines "
        "are given devices here; ACS of PCIe switches is switched off there too. Until then "
        "NCCL_P2P_DISABLE=1 keeps NCCL from copying directly",
        commands=(
            _SEE,
            *_PASS_THROUGH.get(distribution_family(rig), ()),
            "export NCCL_P2P_DISABLE=1",
        ),
        verify="rigcheck check --only pci --only nvml",
    )


_DEFAULTS = "sudo sed -i 's/^GRUB_CMDLINE_LINUX=\"/&iommu=pt /' /etc/default/grub"
_BY_GRUBBY = ("sudo grubby --update-kernel=ALL --args=iommu=pt", "sudo reboot")
_PASS_THROUGH = {
    "debian": (_DEFAULTS, "sudo update-grub", "sudo reboot"),
    "fedora": _BY_GRUBBY,
    "dracut": _BY_GRUBBY,
}


def _named(pairs: Sequence[Pair]) -> str:
    if len(pairs) == 1:
        return pairs[0].text
    count = len({gpu.index for pair in pairs for gpu in pair.gpus})
    return f"{count} GPUs ({len(pairs)} pairs)"


def _evidence(rig: Rig, pairs: Sequence[Pair]) -> tuple[Evidence, ...]:
    lines = [_line(rig, pair) for pair in pairs[:_FEW]]
    more = len(pairs) - len(lines)
    if more:
        lines.append(Evidence(f"and {more} pairs more", rig.nvml.gpu_pairs.source))
    return tuple(lines)


def _line(rig: Rig, pair: Pair) -> Evidence:
    ancestor = value_of(pair.told.common_ancestor) or "place not told"
    told_of = [
        f"{pair.text}: {pair.way.value}",
        f"what they share: {ancestor}",
        f"direct copies: {fact_text(pair.told.p2p_read)}",
        f"IOMMU: {_both(*(fact_text(card.iommu_domain) for card in pair.cards))}",
        f"groups {_both(*(fact_text(card.iommu_group) for card in pair.cards))}",
        *(
            f"ACS of {port.pci_bus_id} redirects: {fact_text(port.acs_redirects)}"
            for port in turning_ports(pair.cards)
        ),
    ]
    sources = dict.fromkeys((rig.nvml.gpu_pairs.source, pair.cards[0].iommu_domain.source))
    return Evidence("; ".join(told_of), ", ".join(filter(None, sources)))


def _both(first: str, second: str) -> str:
    return first if first == second else f"{first} and {second}"
