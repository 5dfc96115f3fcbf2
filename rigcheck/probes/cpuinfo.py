"""/proc/cpuinfo: what the kernel says of the processor's kind, on x86 and on ARM.

An ARM kernel names neither model nor vendor, only numbers (`CPU part : 0xd0b`).
"""

import msgspec

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.probes.reading import parsed

X86_64 = "x86_64"
AARCH64 = "aarch64"

Block = dict[str, str]
"""One logical CPU's lines, `cpu MHz` → `3700.000`."""

_MODEL_KEYS = ("model name", "Model Name", "cpu model")
_FLAG_KEYS = ("flags", "Features", "features")


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What kind of processor it is."""

    architecture: str
    """`x86_64`, `aarch64` or "" where neither; the same flag name may mean two things."""
    model: Fact[str]
    vendor: Fact[str]
    flags: Fact[tuple[str, ...]]

    @property
    def has_gap(self) -> bool:
        """True where what people ask for first is missing."""
        return not (isinstance(self.model, Found) and isinstance(self.flags, Found))


def parse_blocks(text: str) -> tuple[Block, ...]:
    """One mapping a logical CPU; what ARM boards append on the board itself is left out.

    Raises:
        ValueError: if no logical CPU is in it.
    """
    blocks = [_parse_block(part) for part in text.split("\n\n")]
    cpus = tuple(block for block in blocks if "processor" in block)
    if not cpus:
        raise ValueError("no processor is listed")
    return cpus


def identity_of(blocks: Fact[tuple[Block, ...]]) -> Identity:
    """Model, vendor and flags, or why each is missing."""
    if not isinstance(blocks, Found):
        return Identity(architecture="", model=blocks, vendor=blocks, flags=blocks)
    first = blocks.value[0]
    return Identity(
        architecture=_architecture(first),
        model=_named(first, _MODEL_KEYS, blocks.source),
        vendor=_named(first, ("vendor_id",), blocks.source),
        flags=_common_flags(blocks.value, blocks.source),
    )


def highest_mhz(blocks: Fact[tuple[Block, ...]]) -> Fact[float]:
    """The clock of the CPU that runs fastest just now."""
    rates = parsed(blocks, lambda cpus: [float(b["cpu MHz"]) for b in cpus if "cpu MHz" in b])
    if isinstance(rates, Found):
        source = f"{rates.source}: cpu MHz, the highest"
        if not rates.value:
            return Absent(Reason.NOT_THERE, source)
        return Found(max(rates.value), source)
    return rates


def _parse_block(text: str) -> Block:
    pairs = (line.partition(":") for line in text.splitlines())
    return {key.strip(): value.strip() for key, colon, value in pairs if colon}


def _architecture(block: Block) -> str:
    if "vendor_id" in block and "flags" in block:
        return X86_64
    return AARCH64 if block.get("CPU architecture") == "8" else ""


def _named(block: Block, keys: tuple[str, ...], source: str) -> Fact[str]:
    value = next((block[key] for key in keys if block.get(key)), None)
    if value is not None:
        return Found(value, source)
    numbers = [f"{key} {block[key]}" for key in ("CPU implementer", "CPU part") if key in block]
    return Absent(Reason.NOT_THERE, source, ", ".join(numbers))


def _common_flags(blocks: tuple[Block, ...], source: str) -> Fact[tuple[str, ...]]:
    """The flags that every CPU has: a thread may be moved to any, and cores may differ."""
    texts = {next((b[key] for key in _FLAG_KEYS if key in b), "") for b in blocks}
    first, *others = sorted(texts)
    if not first:
        return Absent(Reason.NOT_THERE, source)
    shared = set(first.split()).intersection(*(other.split() for other in others))
    return Found(tuple(sorted(shared)), source)
