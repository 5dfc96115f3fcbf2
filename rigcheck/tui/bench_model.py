"""The benchmark as far as it has come, for the screen; knows no Textual."""

import dataclasses
import time
from collections.abc import Callable

from rigcheck.bench import events
from rigcheck.bench.events import BenchEvent
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import BenchRun, Data, SpeedUp
from rigcheck.bench.tier import Tier
from rigcheck.facts import Rig, value_of
from rigcheck.tui.device_progress import DeviceProgress
from rigcheck.tui.meters import Meters

_START_UP_S = 5.0
"""Time before training on each device, for a first guess at the whole run's."""
_GROWTH = 1.5
_UNPLANNED_S = 30.0
_ROUND_S = 3.0
"""Of turns, a device: half a second in memory, and in some a second as written, for which the
loader starts anew."""
_RARE_ROUND_S = 12.0
"""From one turn as written to the next."""


_PAUSED = "paused"


@dataclasses.dataclass(frozen=True)
class Rest:
    """A time in which no device trained."""

    why: str
    """`paused`, `GPU 1 joins`."""
    start_s: float
    end_s: float | None = None
    """None while it lasts."""


class BenchModel:
    """Everything the events of one benchmark have told so far."""

    def __init__(
        self,
        plan: BenchPlan,
        clock: Callable[[], float] = time.monotonic,
        rig: Rig = Rig(),  # noqa: B008 -- it is frozen
    ) -> None:
        """Nothing has happened yet. `rig` is what the check found."""
        self.plan = plan
        self.gpus = value_of(rig.nvml.gpus) or ()
        """What the check found of them."""
        self.devices = {d.device: DeviceProgress(device=d) for d in plan.devices}
        self.meters = Meters()
        self.watch = events.WatchChanged()
        self.speed_ups: tuple[SpeedUp, ...] = ()
        self.rests: list[Rest] = []
        self.refusal = ""
        """Why the device that was to join last does not; empty where it does."""
        self.at_work = ""
        """The device to show unless another is chosen: the first GPU, else the CPU. They take
        turns, and a screen that followed them would flicker. Empty before one starts."""
        self.finished: BenchRun | None = None
        self._clock = clock
        self._started_s = clock()
        self._ended_s: float | None = None
        self._axis_s = _planned_s(plan, n_devices=len(plan.devices))

    def take(self, event: BenchEvent) -> None:
        """Learns from one event."""
        match event:
            case events.DeviceStarted():
                self._begin(event.device)
            case events.StageEntered():
                self.devices[event.device].stage = event.stage
            case events.BlockMeasured():
                self.devices[event.device].take_block(event)
            case events.EpochFinished(tier=Tier.IN_MEMORY):
                self.devices[event.device].train_accuracy = event.epoch.train_accuracy
            case events.Evaluated(tier=Tier.IN_MEMORY):
                self.devices[event.device].test_accuracy = event.evaluation.accuracy
            case events.DeviceFinished():
                self.devices[event.run.device].run = event.run
            case _:
                self._take_of_all(event)

    def _take_of_all(self, event: BenchEvent) -> None:
        match event:
            case events.SampleTaken():
                self.meters.take(event.sample)
            case events.WatchChanged():
                self.watch = event
            case events.PauseChanged() | events.JoinChanged() | events.GuestRefused():
                self._take_rest(event)
            case events.SpeedUpsKnown():
                self.speed_ups = event.speed_ups
            case events.BenchFinished():
                self._take_result(event.run)

    def _begin(self, device: str) -> None:
        if not self.at_work or self.devices[self.at_work].device.is_cpu:
            self.at_work = device
        self.devices[device].stage = "start"

    def _take_rest(
        self, event: events.PauseChanged | events.JoinChanged | events.GuestRefused
    ) -> None:
        match event:
            case events.PauseChanged():
                self._rest(_PAUSED, event.at_s, begins=event.is_paused)
            case events.JoinChanged(device=device):
                self._rest(f"{device.label} joins", event.at_s, begins=event.is_joining)
                if event.is_joining:
                    self._let_in(device)
            case events.GuestRefused():
                self.refusal = f"{event.device.label} cannot join: {event.why}"

    def _let_in(self, device: BenchDevice) -> None:
        self.refusal = ""
        self.devices[device.device] = DeviceProgress(device=device)
        self._axis_s += _planned_s(self.plan, n_devices=1)

    def _rest(self, why: str, at_s: float, *, begins: bool) -> None:
        if begins:
            self.rests.append(Rest(why, at_s))
        elif self.rests:
            self.rests[-1] = dataclasses.replace(self.rests[-1], end_s=at_s)

    def _take_result(self, run: BenchRun) -> None:
        """With what is concluded from the whole run."""
        self.finished = run
        for device in run.devices:
            self.devices[device.device].run = device
        self.end()

    def end(self) -> None:
        """Stops the clock."""
        self._ended_s = self._clock()

    @property
    def ended(self) -> bool:
        """True when nothing more will come."""
        return self._ended_s is not None

    @property
    def resting(self) -> str:
        """Why no device trains now; empty where one does."""
        is_at_rest = self.rests and self.rests[-1].end_s is None and not self.ended
        return self.rests[-1].why if is_at_rest else ""

    @property
    def trains_on_cpu(self) -> bool:
        """True while a CPU takes its turns."""
        at_work = (d for d in self.devices.values() if d.run is None)
        return not self.ended and not self.resting and any(d.device.is_cpu for d in at_work)

    @property
    def is_paused(self) -> bool:
        """True while the devices rest because they were asked to."""
        return self.resting == _PAUSED

    @property
    def elapsed_s(self) -> float:
        """Since the start; of the whole run, once it has ended."""
        return (self._clock() if self._ended_s is None else self._ended_s) - self._started_s

    @property
    def shown_s(self) -> float:
        """How far the plots' time axis goes: the time planned, more when it takes longer."""
        if self.ended:
            return self.elapsed_s
        while self._axis_s < self.elapsed_s:
            self._axis_s *= _GROWTH
        return self._axis_s

    def joins_s(self, tier: Tier) -> float:
        """How long a device may train in no turn of a form, and its line still be one.

        While one trains the others wait: that is no gap in its speed. Longer ones are.
        """
        return (_ROUND_S if tier is Tier.IN_MEMORY else _RARE_ROUND_S) * len(self.devices)

    @property
    def data(self) -> Data | None:
        """What trained LeNet, once a worker has said so."""
        runs = (d.run for d in self.devices.values())
        return next((run.data for run in runs if run and run.data), None)


def _planned_s(plan: BenchPlan, *, n_devices: int) -> float:
    if plan.epochs is not None:
        return _UNPLANNED_S
    return n_devices * (plan.training_s + _START_UP_S)
