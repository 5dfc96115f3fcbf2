"""What the next benchmark is to be: devices, length, how much is measured; knows no Textual."""

import dataclasses

from rigcheck.bench.devices import bench_devices
from rigcheck.bench.plan import DEFAULT_TIERS, DEFAULT_TRAINING_S, BenchDevice, BenchPlan
from rigcheck.bench.tier import Tier
from rigcheck.facts import Rig
from rigcheck.units import counted


@dataclasses.dataclass(frozen=True)
class Length:
    """Seconds in training a device, or whole epochs."""

    training_s: float = DEFAULT_TRAINING_S
    epochs: int | None = None

    @property
    def text(self) -> str:
        """`10 s a device`, `1 epoch`."""
        if self.epochs is None:
            return f"{self.training_s:g} s a device"
        return counted(self.epochs, "epoch")


_LENGTHS = (
    *(Length(training_s=seconds) for seconds in (5.0, DEFAULT_TRAINING_S, 30.0, 60.0, 300.0)),
    *(Length(epochs=epochs) for epochs in (1, 5, 15)),
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class BenchChoices:
    """A choice is a new one of these; the first is what would run unless something is chosen."""

    base: BenchPlan
    """Everything that is not to be chosen here."""
    devices: tuple[BenchDevice, ...]
    """All that there are."""
    chosen: frozenset[str]
    """As torch names them."""
    lengths: tuple[Length, ...]
    length: int
    """Its place among the lengths."""
    is_full: bool

    @classmethod
    def of(cls, plan: BenchPlan, rig: Rig) -> "BenchChoices":
        """What this plan says, of what this rig has."""
        length = Length(plan.training_s if plan.epochs is None else DEFAULT_TRAINING_S, plan.epochs)
        lengths = _LENGTHS if length in _LENGTHS else (length, *_LENGTHS)
        return cls(
            base=plan,
            devices=devices_there(plan, rig),
            chosen=frozenset(device.device for device in plan.devices),
            lengths=lengths,
            length=lengths.index(length),
            is_full=plan.is_full,
        )

    def with_device(self, device: str) -> "BenchChoices":
        """The device is in, or no longer."""
        return dataclasses.replace(self, chosen=self.chosen ^ {device})

    def with_length(self, step: int) -> "BenchChoices":
        """The next length, or the one before, round and round."""
        return dataclasses.replace(self, length=(self.length + step) % len(self.lengths))

    def with_extent(self) -> "BenchChoices":
        """Full becomes quick and the other way round."""
        return dataclasses.replace(self, is_full=not self.is_full)

    @property
    def plan(self) -> BenchPlan | None:
        """What was chosen; None without a device."""
        if not self.chosen:
            return None
        length = self.lengths[self.length]
        is_as_before = self.is_full == self.base.is_full
        return dataclasses.replace(
            self.base,
            devices=tuple(device for device in self.devices if device.device in self.chosen),
            tiers=self.base.tiers if is_as_before else _tiers(is_full=self.is_full),
            is_full=self.is_full,
            training_s=length.training_s,
            epochs=length.epochs,
        )


def _tiers(*, is_full: bool) -> tuple[Tier, ...]:
    return tuple(Tier) if is_full else DEFAULT_TIERS


def devices_there(plan: BenchPlan, rig: Rig) -> tuple[BenchDevice, ...]:
    """The rig's in its order, each as the plan has it where it does: that knows prices."""
    planned = {device.device: device for device in plan.devices}
    there = {device.device: device for device in bench_devices(rig)}
    return tuple({**there, **planned}.values())
