"""What is known of one device's run: the worker's events in, the watcher's and the result out."""

import statistics

from rigcheck.bench import wire_events as wire
from rigcheck.bench.ceiling import Ceiling, CeilingShare, share_of_ceiling
from rigcheck.bench.events import BenchEvent, StageEntered
from rigcheck.bench.failures import Failure
from rigcheck.bench.plan import BATCH_SIZE, BenchDevice, BenchPlan
from rigcheck.bench.result import Data, DeviceRun, LossWindow, Outcome, Rate, SweepPoint, Waits
from rigcheck.bench.speedups import ratio_of
from rigcheck.bench.statistics import EPOCH_IMAGES, measured_rate
from rigcheck.bench.tier import Tier
from rigcheck.bench.tier_record import TierRecord


class DeviceRecord:
    """Collects one device's run.

    Attributes:
        stage: the last one that the worker entered.
        failure: what the worker itself said was wrong, if anything.
        tiers: what each form that the plan asks for has shown so far.
    """

    def __init__(self, plan: BenchPlan, device: BenchDevice, run_started_s: float) -> None:
        self.stage = "start"
        self.failure: Failure | None = None
        self.tiers = {
            tier: TierRecord(plan, device.device, tier, run_started_s) for tier in plan.tiers
        }
        self._plan = plan
        self._device = device
        self._imported: wire.Imported | None = None
        self._data: Data | None = None
        self._loss_curve: list[LossWindow] = []
        self._run_started_s = run_started_s
        self._ceilings: list[Ceiling] = []
        self._ceilings_at: list[tuple[float, float]] = []
        self._batch_sizes: list[SweepPoint] = []
        self._thread_counts: list[SweepPoint] = []
        self._refused: list[str] = []
        self._repeats_bitwise: bool | None = None
        self._waits: Waits | None = None

    @property
    def in_memory(self) -> TierRecord:
        """The form that every other is compared with."""
        return self.tiers[Tier.IN_MEMORY]

    def take(self, event: wire.WireEvent) -> BenchEvent | None:
        """Learns from the worker; returns what a watcher should know, if anything."""
        match event:
            case wire.Entered():
                self.stage = event.stage
                return StageEntered(device=self._device.device, stage=event.stage)
            case wire.Imported():
                self._imported = event
            case wire.DataLoaded():
                self._take_data(event)
            case wire.TaskFailed():
                self.failure = Failure(error=event.message, hint=event.hint)
            case wire.Refused():
                self._take_refusal(event)
            case wire.Ready():
                pass
            case (
                wire.LossWindow()
                | wire.CeilingMeasured()
                | wire.BatchSizeMeasured()
                | wire.ThreadsMeasured()
                | wire.Repeated()
                | wire.WaitsMeasured()
            ):
                self._take_measure(event)
            case _:
                return self.tiers[event.form].take(event)
        return None

    def finish(self, outcome: Outcome, failure: Failure | None) -> DeviceRun:
        """The result, with everything that was measured."""
        in_memory = self.in_memory
        rate = measured_rate(in_memory.blocks)
        failure = failure or Failure(error="")
        return DeviceRun(
            device=self._device.device,
            label=self._device.label,
            name=self._device.name,
            identity=self._device.identity,
            price=self._device.price,
            outcome=outcome,
            error=failure.error,
            hint=failure.hint,
            details=failure.details,
            stage=self.stage,
            python=self._plan.python,
            torch_version=self._imported.torch_version if self._imported else "",
            threads=self._threads,
            threads_reason=self._imported.threads_reason if self._imported else "",
            batch_size=BATCH_SIZE,
            data=self._data,
            warm_up_s=in_memory.warm_up_s,
            rate=rate,
            epoch_s=EPOCH_IMAGES / rate.images_per_s if rate else None,
            blocks=tuple(in_memory.blocks),
            epochs=tuple(in_memory.epochs),
            first_epoch=in_memory.first_epoch,
            evaluation=in_memory.evaluation,
            loss_curve=tuple(self._loss_curve),
            tiers=tuple(
                record.result(in_memory.blocks, self._share)
                for tier, record in self.tiers.items()
                if tier is not Tier.IN_MEMORY
            ),
            waits=self._waits,
            ceilings=tuple(self._ceilings),
            ceilings_at=tuple(self._ceilings_at),
            ceiling_share=self._share(rate),
            batch_sizes=tuple(self._batch_sizes),
            thread_counts=tuple(self._thread_counts),
            repeats_bitwise=self._repeats_bitwise,
            refused=tuple(self._refused),
        )

    @property
    def _threads(self) -> int | None:
        return self._imported.threads if self._imported else None

    def _share(self, rate: Rate | None) -> CeilingShare | None:
        if rate is None:
            return None
        threads = self._threads if self._device.device.startswith("cpu") else None
        return share_of_ceiling(rate.images_per_s, self._ceilings, threads)

    def _take_refusal(self, event: wire.Refused) -> None:
        if event.form is None:
            self._refused.append(f"{event.what}: {event.why}")
        else:
            self.tiers[event.form].why_not = event.why

    def _take_measure(
        self,
        event: wire.LossWindow
        | wire.CeilingMeasured
        | wire.BatchSizeMeasured
        | wire.ThreadsMeasured
        | wire.Repeated
        | wire.WaitsMeasured,
    ) -> None:
        match event:
            case wire.LossWindow():
                self._loss_curve.append(LossWindow(steps=event.steps, loss=event.loss))
            case wire.CeilingMeasured():
                self._ceilings.append(event.ceiling)
                started_s = self._run_started_s
                self._ceilings_at.append((event.start_s - started_s, event.end_s - started_s))
            case wire.BatchSizeMeasured():
                self._batch_sizes.append(event.point)
            case wire.ThreadsMeasured():
                self._thread_counts.append(event.point)
            case wire.Repeated():
                self._repeats_bitwise = event.is_bitwise
            case wire.WaitsMeasured():
                self._waits = _waits(event)

    def _take_data(self, event: wire.DataLoaded) -> None:
        directory = self._plan.data_dir
        self._data = Data(
            kind=event.kind,
            path="" if directory is None else str(directory),
            train_images=event.train_images,
            test_images=event.test_images,
        )
        for record in self.tiers.values():
            record.train_images = event.train_images


def _waits(event: wire.WaitsMeasured) -> Waits | None:
    ratio = ratio_of([in_memory_s / waiting_s for in_memory_s, waiting_s in event.rounds])
    if ratio is None:
        return None
    return Waits(
        images_per_s=BATCH_SIZE / statistics.median(waiting_s for _, waiting_s in event.rounds),
        of_in_memory=ratio,
        as_written_a_step=event.as_written,
        in_memory_a_step=event.in_memory,
    )
