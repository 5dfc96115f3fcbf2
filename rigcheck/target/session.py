"""A worker's training session: the forms it has prepared, and the orders it obeys."""

from __future__ import annotations

import itertools
import math
import time
from typing import Any, Callable, Dict, Optional

import torch
from torch import nn

from rigcheck.target.ceilings.measure import measure
from rigcheck.target.ceilings.reading import Reading
from rigcheck.target.curve import LossCurve
from rigcheck.target.facts_wire import error_text
from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.forms.recipe import recipe_for
from rigcheck.target.lenet import make_lenet
from rigcheck.target.load import cores_of_others, faults_between
from rigcheck.target.parity import repeat_is_bitwise
from rigcheck.target.sweeps import sweep_batches, sweep_threads
from rigcheck.target.task_error import TaskError
from rigcheck.target.training import enter
from rigcheck.target.training_data import TrainingData
from rigcheck.target.training_loop import Block, Course, evaluate, warm_up
from rigcheck.target.waits import measure_waits
from rigcheck.target.wire import Wire
from rigcheck.target.wish import Wish

_WARM_UP_STEPS = 20
_WARM_UP_STEPS_OF_A_CPU = 6
"""It is as fast as it gets from the second step on: no library tries its kernels first."""
_REPEATED_STEPS = 20
_IN_MEMORY = "in-memory"
"""The form that the worker is for: without it there is nothing to measure."""


class Session:
    """Obeys one order after the other. A form goes on from turn to turn where it left off."""

    def __init__(self, wire: Wire, wish: Wish, device: torch.device, data: TrainingData) -> None:
        self._wire = wire
        self._wish = wish
        self._device = device
        self._data = data
        self._courses: Dict[str, Course] = {}
        self._epochs: Dict[str, EpochSums] = {}
        self._curve = LossCurve()
        self._stage = ""
        self._orders: Dict[str, Callable[..., None]] = {
            "prepare": self._prepare,
            "train": self._train,
            "evaluate": self._evaluate,
            "ceilings": self._measure_ceilings,
            "batch sizes": self._sweep_batches,
            "threads": self._sweep_threads,
            "repeat": self._repeat,
            "waits": self._measure_waits,
        }

    def obey(self, order: Dict[str, Any]) -> None:
        """Does one thing, as `rigcheck.bench.orders` words it.

        What fails beside the in-memory form is told as refused, and the session goes on.

        Raises:
            TaskError: if the in-memory form cannot go on.
        """
        what, form = order.pop("what"), order.get("form")
        try:
            self._orders[what](**order)
        except TaskError as error:
            if form == _IN_MEMORY:
                raise
            self._refuse(what, form, str(error))
        except Exception as error:
            if form == _IN_MEMORY:
                raise
            self._refuse(what, form, error_text(error))

    def _refuse(self, what: str, form: Optional[str], why: str) -> None:
        self._wire.send("refused", what=what, form=form, why=why)

    def _enter(self, stage: str) -> None:
        if stage != self._stage:
            self._stage = stage
            enter(self._wire, stage)

    def _prepare(self, form: str) -> None:
        """Warms up on a model that is thrown away, then makes the one to be measured."""
        self._enter(_stage_of("warm-up", form))
        start_s = time.monotonic()
        recipe = recipe_for(
            form, self._data.train, self._wish.batch_size, self._wish.seed, self._enter
        )
        trial = recipe.make(self._lenet())
        steps = _WARM_UP_STEPS_OF_A_CPU if self._device.type == "cpu" else _WARM_UP_STEPS
        step_s = warm_up(trial, self._first_batches(steps)) if trial.run_in_steps == 0 else 0.01
        self._courses[form] = Course(
            recipe.make(self._lenet()),
            len(self._data.train.labels),
            batch_size=self._wish.batch_size,
            seed=self._wish.seed,
            step_s=step_s,
        )
        self._epochs[form] = EpochSums()
        duration_s = time.monotonic() - start_s
        self._wire.send("warm_up", form=form, duration_s=duration_s, how=recipe.how)

    def _lenet(self) -> nn.Module:
        return make_lenet(self._wish.seed, self._device)

    def _first_batches(self, steps: int) -> "list[torch.Tensor]":
        order = torch.arange(len(self._data.train.labels), device=self._device)
        batches = itertools.cycle(order.split(self._wish.batch_size))
        return list(itertools.islice(batches, steps))

    def _train(self, form: str, turn: int, duration_s: float) -> None:
        """One turn: blocks until so much time has passed on them, or the epochs are through."""
        self._enter(_stage_of("training", form))
        for block in self._courses[form].turn(duration_s, self._device):
            self._tell_block(form, turn, block)
            if not math.isfinite(math.fsum(block.losses)):
                raise TaskError(
                    "training diverged: the loss is no number any more in epoch {}".format(
                        block.epoch
                    )
                )
            if form == _IN_MEMORY:
                for window in self._curve.add(block.losses, self._wish.batch_size):
                    self._wire.send("loss_window", steps=window.steps, loss=window.loss)
            self._epochs[form].add(block)
            if block.ends_epoch:
                self._end_epoch(form, block.epoch)
                if form == _IN_MEMORY and block.epoch == self._wish.epochs:
                    return

    def _tell_block(self, form: str, turn: int, block: Block) -> None:
        has_helpers = self._courses[form].form.run_in_steps > 0
        self._wire.send(
            "block",
            form=form,
            turn=turn,
            start_s=block.start_s,
            end_s=block.end_s,
            steps=block.steps,
            images=block.images,
            epoch=block.epoch,
            loss=math.fsum(block.losses) / block.images_learned,
            page_faults=faults_between(block.before, block.after),
            # Loader processes of our own would count as others.
            cores_of_others=None if has_helpers else cores_of_others(block.before, block.after),
        )

    def _end_epoch(self, form: str, number: int) -> None:
        self._epochs[form].tell(self._wire, form, number)
        self._epochs[form] = EpochSums()
        if number == 1:
            # For the comparison with other devices after the same images; no clock runs.
            self._tell_evaluation(form, "first_epoch")

    def _evaluate(self, form: str) -> None:
        self._enter("evaluation")
        self._tell_evaluation(form, "evaluation")

    def _tell_evaluation(self, form: str, event: str) -> None:
        test = self._data.test  # which may have to be drawn first
        start_s = time.monotonic()
        loss_sum, hits = evaluate(self._courses[form].form, test, self._wish.batch_size)
        images = len(test.labels)
        self._wire.send(
            event,
            form=form,
            images=images,
            duration_s=time.monotonic() - start_s,
            loss=loss_sum / images,
            accuracy=hits / images,
        )

    def _measure_ceilings(self, is_full: bool) -> None:
        self._enter("ceilings")
        start_s = time.monotonic()

        def tell(reading: Reading) -> None:
            nonlocal start_s
            end_s = time.monotonic()
            self._wire.send("ceiling", start_s=start_s, end_s=end_s, ceiling=reading._asdict())
            start_s = end_s

        measure(self._device, is_full=is_full, tell=tell)

    def _sweep_batches(self) -> None:
        self._enter("batch sizes")
        for point in sweep_batches(self._data.train, self._device, self._wish.seed):
            self._wire.send("batch size", point=point._asdict())

    def _sweep_threads(self) -> None:
        self._enter("threads")
        most = torch.get_num_threads()
        for point in sweep_threads(self._data.train, self._device, self._wish.seed, most):
            self._wire.send("threads", point=point._asdict())

    def _repeat(self) -> None:
        self._enter("repeat")
        data = self._data.train
        batches = self._first_batches(_REPEATED_STEPS)
        made = repeat_is_bitwise(lambda: InMemory(self._lenet(), data), batches)
        self._wire.send("repeat", is_bitwise=made.is_bitwise, reason=made.reason)

    def _measure_waits(self) -> None:
        self._enter("cost of waits")
        found = measure_waits(self._data.train, self._wish.batch_size, self._wish.seed)
        self._wire.send("waits", **found._asdict())


class EpochSums:
    """Adds up the blocks of one epoch."""

    def __init__(self) -> None:
        self._duration_s = self._loss_sum = 0.0
        self._images = self._hits = 0

    def add(self, block: Block) -> None:
        """One more block."""
        self._duration_s += block.end_s - block.start_s
        self._loss_sum += math.fsum(block.losses)
        self._images += block.images_learned
        self._hits += block.hits

    def tell(self, wire: Wire, form: str, number: int) -> None:
        """Sends the whole epoch."""
        wire.send(
            "epoch",
            form=form,
            number=number,
            duration_s=self._duration_s,
            loss=self._loss_sum / self._images,
            accuracy=self._hits / self._images,
        )


def _stage_of(stage: str, form: str) -> str:
    return stage if form == _IN_MEMORY else "{} {}".format(stage, form)
