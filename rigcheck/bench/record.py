"""What is known of one device's run: the worker's events in, the watcher's and the result out."""

from rigcheck.bench import wire_events as wire
from rigcheck.bench.events import (
    BenchEvent,
    BlockMeasured,
    EpochFinished,
    Evaluated,
    StageEntered,
)
from rigcheck.bench.failures import Failure
from rigcheck.bench.plan import BATCH_SIZE, BenchDevice, BenchPlan
from rigcheck.bench.result import Block, Data, DeviceRun, Epoch, Evaluation, Outcome
from rigcheck.bench.statistics import EPOCH_IMAGES, measured_rate


class DeviceRecord:
    """Collects one device's run.

    Attributes:
        stage: the last one that the worker entered.
        failure: what the worker itself said was wrong, if anything.
    """

    def __init__(self, plan: BenchPlan, device: BenchDevice, run_started_s: float) -> None:
        self.stage = "start"
        self.failure: Failure | None = None
        self._plan = plan
        self._device = device
        self._run_started_s = run_started_s
        self._imported: wire.Imported | None = None
        self._data: Data | None = None
        self._warm_up_s: float | None = None
        self._blocks: list[Block] = []
        self._epochs: list[Epoch] = []
        self._evaluation: Evaluation | None = None
        self._trained_s = 0.0
        self._images = 0

    def take(self, event: wire.WireEvent) -> BenchEvent | None:
        """Learns from the worker; returns what a watcher should know, if anything."""
        match event:
            case wire.Entered():
                self.stage = event.stage
                return StageEntered(device=self._device.device, stage=event.stage)
            case wire.BlockTrained():
                return self._take_block(event)
            case wire.EpochTrained():
                return self._take_epoch(event)
            case wire.TestSetPredicted():
                return self._take_evaluation(event)
            case wire.Imported():
                self._imported = event
            case wire.DataLoaded():
                self._data = self._describe(event)
            case wire.WarmedUp():
                self._warm_up_s = event.duration_s
            case wire.TaskFailed():
                self.failure = Failure(error=event.message, hint=event.hint)
        return None

    def finish(self, outcome: Outcome, failure: Failure | None) -> DeviceRun:
        """The result, with everything that was measured."""
        rate = measured_rate(self._blocks)
        failure = failure or Failure(error="")
        return DeviceRun(
            device=self._device.device,
            label=self._device.label,
            name=self._device.name,
            identity=self._device.identity,
            outcome=outcome,
            error=failure.error,
            hint=failure.hint,
            details=failure.details,
            stage=self.stage,
            python=self._plan.python,
            torch_version=self._imported.torch_version if self._imported else "",
            threads=self._imported.threads if self._imported else None,
            batch_size=BATCH_SIZE,
            data=self._data,
            warm_up_s=self._warm_up_s,
            rate=rate,
            epoch_s=EPOCH_IMAGES / rate.images_per_s if rate else None,
            blocks=tuple(self._blocks),
            epochs=tuple(self._epochs),
            evaluation=self._evaluation,
        )

    def _take_block(self, event: wire.BlockTrained) -> BlockMeasured:
        block = Block(
            start_at_s=event.start_s - self._run_started_s,
            end_at_s=event.end_s - self._run_started_s,
            images=event.images,
            epoch=event.epoch,
            loss=event.loss,
        )
        self._blocks.append(block)
        self._images += event.images
        self._trained_s += event.end_s - event.start_s
        return BlockMeasured(
            device=self._device.device, block=block, progress=min(1.0, self._progress())
        )

    def _progress(self) -> float:
        if self._plan.epochs is None or self._data is None:
            return self._trained_s / self._plan.training_s
        return self._images / (self._plan.epochs * self._data.train_images)

    def _take_epoch(self, event: wire.EpochTrained) -> EpochFinished:
        epoch = Epoch(
            number=event.number,
            duration_s=event.duration_s,
            train_loss=event.loss,
            train_accuracy=event.accuracy,
        )
        self._epochs.append(epoch)
        return EpochFinished(device=self._device.device, epoch=epoch)

    def _take_evaluation(self, event: wire.TestSetPredicted) -> Evaluated:
        self._evaluation = Evaluation(
            images=event.images,
            duration_s=event.duration_s,
            loss=event.loss,
            accuracy=event.accuracy,
        )
        return Evaluated(device=self._device.device, evaluation=self._evaluation)

    def _describe(self, event: wire.DataLoaded) -> Data:
        directory = self._plan.data_dir
        return Data(
            kind=event.kind,
            path="" if directory is None else str(directory),
            train_images=event.train_images,
            test_images=event.test_images,
        )
