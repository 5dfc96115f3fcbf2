"""In what GPUs of one model do not differ, and what makes an odd one like the others."""

from collections.abc import Callable
from typing import Any

import msgspec

from rigcheck.facts import Fact, Found, Gpu, value_of
from rigcheck.rules.each_gpu import name_of


class Trait(msgspec.Struct, frozen=True, kw_only=True):
    """Something in which twins do not differ."""

    label: str
    of: Callable[[Gpu], Fact[Any]]
    mend: str
    """A command, `{index}` and `{value}` to be filled in; or what to look at."""
    is_board_makers: bool = False
    """Differs between makers' boards of one GeForce model, so it is compared on others only."""


_TRAITS = (
    Trait(
        label="PCIe lanes",
        of=lambda gpu: gpu.pcie_width_max,
        mend="see in which slot it is and whether riser or cable carry all lanes",
    ),
    Trait(
        label="PCIe generation",
        of=lambda gpu: gpu.pcie_generation_max,
        mend="see the slot's generation in the firmware's set-up, and its riser",
    ),
    Trait(
        label="ECC", of=lambda gpu: gpu.ecc_enabled, mend="sudo nvidia-smi -i {index} -e {value}"
    ),
    Trait(
        label="MIG", of=lambda gpu: gpu.mig_enabled, mend="sudo nvidia-smi -i {index} -mig {value}"
    ),
    Trait(
        label="persistence mode",
        of=lambda gpu: gpu.persistence_mode,
        mend="sudo nvidia-smi -i {index} -pm {value}",
    ),
    Trait(
        label="compute mode",
        of=lambda gpu: gpu.compute_mode,
        mend="nvidia-smi -i {index} -q -d COMPUTE",
    ),
    Trait(
        label="Resizable BAR",
        of=lambda gpu: gpu.resizable_bar,
        mend="see the firmware's set-up and the card's VBIOS",
    ),
    Trait(
        label="power limit in W",
        of=lambda gpu: gpu.power_limit_enforced_w,
        mend="sudo nvidia-smi -i {index} -pl {value}",
        is_board_makers=True,
    ),
    Trait(
        label="highest graphics clock in MHz",
        of=lambda gpu: gpu.graphics_clock_max_mhz,
        mend="nvidia-smi -i {index} -q -d CLOCK",
        is_board_makers=True,
    ),
    Trait(
        label="highest memory clock in MHz",
        of=lambda gpu: gpu.memory_clock_max_mhz,
        mend="nvidia-smi -i {index} -q -d CLOCK",
        is_board_makers=True,
    ),
    Trait(
        label="memory in bytes",
        of=lambda gpu: gpu.memory_total_bytes,
        mend="nvidia-smi -i {index} -q -d MEMORY,ROW_REMAPPER",
        is_board_makers=True,
    ),
    Trait(
        label="VBIOS",
        of=lambda gpu: gpu.vbios_version,
        mend="update the VBIOS by the maker's own tool",
        is_board_makers=True,
    ),
)


def _limit_share(gpu: Gpu) -> Fact[Any]:
    """The power limit in force as a share of the card's own, in whole percent."""
    enforced, default = gpu.power_limit_enforced_w, value_of(gpu.power_limit_default_w)
    if not isinstance(enforced, Found) or not default:
        return enforced if not isinstance(enforced, Found) else gpu.power_limit_default_w
    return Found(round(100 * enforced.value / default), enforced.source)


_LOWERED_LIMIT = Trait(
    label="power limit in % of the card's own",
    of=_limit_share,
    mend="nvidia-smi -i {index} -q -d POWER",
)


def traits_of(gpu: Gpu) -> tuple[Trait, ...]:
    """What is compared of this card."""
    if "GeForce" in name_of(gpu):
        return (*(trait for trait in _TRAITS if not trait.is_board_makers), _LOWERED_LIMIT)
    return _TRAITS
