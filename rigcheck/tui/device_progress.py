"""What one device has done so far, form by form; knows no Textual."""

import collections
import dataclasses
import statistics

from rigcheck.bench.events import BlockMeasured
from rigcheck.bench.plan import BenchDevice
from rigcheck.bench.result import DeviceRun, Rate, TierRun
from rigcheck.bench.tier import Tier
from rigcheck.tui.plot.spans import Span, Spans


@dataclasses.dataclass(kw_only=True)
class FormProgress:
    """One form of training on one device so far."""

    rates: Spans = dataclasses.field(default_factory=Spans)
    """Images a second over time."""
    recent: collections.deque[float] = dataclasses.field(
        default_factory=lambda: collections.deque(maxlen=200)
    )
    """Rates of the newest blocks."""

    @property
    def images_per_s(self) -> float | None:
        """The median of what was measured so far."""
        return statistics.median(self.recent) if self.recent else None


@dataclasses.dataclass(kw_only=True)
class DeviceProgress:
    """One device's training so far."""

    device: BenchDevice
    forms: dict[Tier, FormProgress] = dataclasses.field(
        default_factory=lambda: collections.defaultdict(FormProgress)
    )
    stage: str = "waiting"
    progress: float = 0.0
    loss: float | None = None
    train_accuracy: float | None = None
    test_accuracy: float | None = None
    run: DeviceRun | None = None

    @property
    def images_per_s(self) -> float | None:
        """In memory: the result's rate, else the median of what was measured so far."""
        return self.images_per_s_in(Tier.IN_MEMORY)

    def images_per_s_in(self, tier: Tier) -> float | None:
        """The same of any form."""
        rate = self.rate if tier is Tier.IN_MEMORY else self._form_rate(tier)
        return self.forms[tier].images_per_s if rate is None else rate.images_per_s

    def of_in_memory(self, tier: Tier) -> float | None:
        """A form's speed as a multiple of the in-memory form's, as far as it is known."""
        run = self.form_run(tier)
        if run is not None:
            return run.of_in_memory.ratio if run.of_in_memory else None
        rate, in_memory = self.images_per_s_in(tier), self.images_per_s
        return rate / in_memory if rate and in_memory else None

    def form_run(self, tier: Tier) -> TierRun | None:
        """What came of another form than the in-memory one, once the device is through."""
        tiers = self.run.tiers if self.run else ()
        return next((run for run in tiers if run.tier is tier), None)

    def _form_rate(self, tier: Tier) -> Rate | None:
        run = self.form_run(tier)
        return run.rate if run is not None else None

    @property
    def rate(self) -> Rate | None:
        """With its interval, once the device is through."""
        return self.run.rate if self.run else None

    @property
    def ending(self) -> str:
        """The stage; then how it ended."""
        return self.run.outcome.value if self.run else self.stage

    def take_block(self, event: BlockMeasured) -> None:
        """Learns from a block: rates of each form; loss and progress of the in-memory one alone."""
        block, form = event.block, self.forms[event.tier]
        form.recent.append(block.images_per_s)
        form.rates.add(Span(block.start_at_s, block.end_at_s, block.images_per_s))
        if event.tier is Tier.IN_MEMORY:
            self.progress = event.progress
            self.loss = block.loss
