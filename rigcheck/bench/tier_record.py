"""What is known of one form's training on one device."""

from collections.abc import Callable, Sequence

from rigcheck.bench import wire_events as wire
from rigcheck.bench.ceiling import CeilingShare
from rigcheck.bench.events import BenchEvent, BlockMeasured, EpochFinished, Evaluated
from rigcheck.bench.plan import BenchPlan
from rigcheck.bench.result import Block, Epoch, Evaluation, Rate, TierRun
from rigcheck.bench.speedups import paired_ratio
from rigcheck.bench.statistics import measured_rate
from rigcheck.bench.tier import Tier


class TierRecord:
    """Collects what the worker says of one form.

    Attributes:
        how: which of several ways it is; empty where there is one.
        why_not: why it cannot be trained in, or not to the end; empty while it can.
        train_images: of the data set; None until it was read.
    """

    def __init__(self, plan: BenchPlan, device: str, tier: Tier, run_started_s: float) -> None:
        self.tier = tier
        self.how = ""
        self.why_not = ""
        self.train_images: int | None = None
        self.warm_up_s: float | None = None
        self.blocks: list[Block] = []
        self.epochs: list[Epoch] = []
        self.first_epoch: Evaluation | None = None
        self.evaluation: Evaluation | None = None
        self.trained_s = 0.0
        self._plan = plan
        self._device = device
        self._run_started_s = run_started_s
        self._images = 0

    @property
    def is_prepared(self) -> bool:
        """True once it is warm."""
        return self.warm_up_s is not None

    @property
    def turns(self) -> int:
        """That it has had."""
        return len({block.turn for block in self.blocks})

    @property
    def progress(self) -> float:
        """0 to 1 of what the plan asks of the in-memory form."""
        if self._plan.epochs is None or self.train_images is None:
            return min(1.0, self.trained_s / self._plan.training_s)
        return min(1.0, self._images / (self._plan.epochs * self.train_images))

    def take(
        self,
        event: wire.WarmedUp
        | wire.BlockTrained
        | wire.EpochTrained
        | wire.FirstEpochPredicted
        | wire.TestSetPredicted,
    ) -> BenchEvent | None:
        """Learns from the worker; returns what a watcher should know, if anything."""
        match event:
            case wire.WarmedUp():
                self.warm_up_s, self.how = event.duration_s, event.how
            case wire.BlockTrained():
                return self._take_block(event)
            case wire.EpochTrained():
                return self._take_epoch(event)
            case wire.FirstEpochPredicted():
                self.first_epoch = _evaluation(event)
                return Evaluated(device=self._device, tier=self.tier, evaluation=self.first_epoch)
            case wire.TestSetPredicted():
                self.evaluation = _evaluation(event)
                return Evaluated(device=self._device, tier=self.tier, evaluation=self.evaluation)
        return None

    def result(
        self,
        in_memory: Sequence[Block],
        share_of_ceiling: Callable[[Rate | None], CeilingShare | None],
    ) -> TierRun:
        """As it goes into the device's result, compared with what was measured in memory."""
        rate = measured_rate(self.blocks)
        return TierRun(
            tier=self.tier,
            how=self.how,
            why_not=self.why_not,
            warm_up_s=self.warm_up_s,
            rate=rate,
            ceiling_share=share_of_ceiling(rate),
            of_in_memory=paired_ratio(self.blocks, in_memory),
            blocks=tuple(self.blocks),
            epochs=tuple(self.epochs),
            first_epoch=self.first_epoch,
            evaluation=self.evaluation,
        )

    def _take_block(self, event: wire.BlockTrained) -> BlockMeasured:
        block = Block(
            start_at_s=event.start_s - self._run_started_s,
            end_at_s=event.end_s - self._run_started_s,
            turn=event.turn,
            steps=event.steps,
            images=event.images,
            epoch=event.epoch,
            loss=event.loss,
            page_faults=event.page_faults,
            cores_of_others=event.cores_of_others,
        )
        self.blocks.append(block)
        self._images += event.images
        self.trained_s += event.end_s - event.start_s
        return BlockMeasured(
            device=self._device, tier=self.tier, block=block, progress=self.progress
        )

    def _take_epoch(self, event: wire.EpochTrained) -> EpochFinished:
        epoch = Epoch(
            number=event.number,
            duration_s=event.duration_s,
            train_loss=event.loss,
            train_accuracy=event.accuracy,
        )
        self.epochs.append(epoch)
        return EpochFinished(device=self._device, tier=self.tier, epoch=epoch)


def _evaluation(event: wire.FirstEpochPredicted | wire.TestSetPredicted) -> Evaluation:
    return Evaluation(
        images=event.images,
        duration_s=event.duration_s,
        loss=event.loss,
        accuracy=event.accuracy,
    )
