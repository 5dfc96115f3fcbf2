"""What the interface costs: bytes and CPU time a frame, the training's throughput, a key's answer.

Run it in the repository's root, with torch installed: `python benchmarks/tui_cost.py`.

The interface runs in a pseudo-terminal of its own, with the true sampler beside it, and plots two
devices' blocks as they come from training ten times a second; only the figures in the blocks are
made up, since the true training must not be the interface's own here.

Throughput is paired: one true worker trains LeNet on all cores in turns of two seconds, every other
one with the interface and its sampler stopped by the kernel (SIGSTOP). Printed is the median of the
pairs' ratios with its 95 % interval, so that a machine whose speed drifts does not count; and the
CPU time that interface and sampler took meanwhile, as a share of all cores, which tells more where
other programs keep the machine busy.

Goals: a live plot at 80×24 in under 6 KB a frame and 2 % of a core, under 2 % of the throughput,
and a key answered within 50 ms while every core trains.
"""

import argparse
import contextlib
import fcntl
import itertools
import math
import os
import pty
import queue
import random
import re
import signal
import statistics
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigcheck.bench import events
from rigcheck.bench.orders import Order, Prepare, Train
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import Block
from rigcheck.bench.seat import Seat
from rigcheck.bench.speedups import paired_ratio
from rigcheck.bench.tier import Tier
from rigcheck.check_events import CheckFinished
from rigcheck.facts import Rig
from rigcheck.monitor.monitor import Monitor
from rigcheck.monitor.sample import Sample
from rigcheck.terminal import read_terminal
from rigcheck.tui.app import run
from rigcheck.tui.session import Options

SIZES = ((80, 24), (200, 50))
DRAWN_HZ = 2
BLOCK_S = 0.1
TURN_S = 2.0
SETTLED_S = 0.5
START_S = 60.0
IN_MEMORY, AS_WRITTEN = rb"images/s in training[^,]", rb"images/s in training, as-written"
DEVICES = tuple(
    BenchDevice(device=device, label=label, name=label, identity="")
    for device, label in (("cpu", "CPU"), ("cuda:0", "GPU 0"))
)


# The interface, in a process of its own.


def show() -> None:
    checked = CheckFinished(rig=Rig(), findings=(), probes=(), duration_s=0.0)
    # An hour of it: the time axis stands still while it is measured.
    plan = BenchPlan(python=sys.executable, devices=DEVICES, training_s=60.0)
    run(
        Options(
            terminal=read_terminal(),
            check=lambda: iter((checked,)),
            make_plan=lambda _rig: plan,
            bench=blocks_and_samples,
        )
    )


def blocks_and_samples(plan: BenchPlan, stop: threading.Event) -> Iterator[events.BenchEvent]:
    inbox: queue.SimpleQueue[Sample] = queue.SimpleQueue()
    began_s = time.monotonic()
    with Monitor(inbox.put) as monitor:
        for number in itertools.count():
            on = plan.devices[number // 5 % 2]
            start_s = time.monotonic() - began_s
            if stop.wait(BLOCK_S):
                return
            yield made_up_block(on, number, start_s, time.monotonic() - began_s)
            yield events.WatchChanged(cost=monitor.cost)
            with contextlib.suppress(queue.Empty):
                while True:
                    told = inbox.get_nowait()
                    on_axis = msgspec.structs.replace(told, time_s=told.time_s - began_s)
                    yield events.SampleTaken(sample=on_axis)


def made_up_block(
    on: BenchDevice, number: int, start_s: float, end_s: float
) -> events.BlockMeasured:
    """Two rates that wander, as true ones do."""
    images_per_s = (16_000 if on.is_cpu else 90_000) * (1 + 0.1 * math.sin(number / 3))
    block = Block(
        start_at_s=start_s,
        end_at_s=end_s,
        images=int(images_per_s * (end_s - start_s)),
        epoch=1,
        loss=1 / (number + 1),
        turn=number // 10,
    )
    return events.BlockMeasured(device=on.device, block=block, progress=min(1.0, number / 3_000))


# Its terminal, which is ours.


class Screen:
    """The interface on a pseudo-terminal; it shows its benchmark once this is made."""

    def __init__(self, columns: int, lines: int) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        unwanted = ("NO_COLOR", "COLORTERM", "TEXTUAL", "RIGCHECK_GLYPHS")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(unwanted)}
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--show"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**kept, "TERM": "xterm-256color"},
            start_new_session=True,
        )
        os.close(slave)
        self.n_bytes = 0
        self._recent = b""
        self._lock = threading.Lock()
        threading.Thread(target=self._drain, daemon=True).start()
        self.wait_for(rb"benchmark")
        self.press(b"b")
        self.wait_for(rb"images/s in training")
        time.sleep(SETTLED_S)

    def press(self, key: bytes) -> None:
        with self._lock:
            self._recent = b""
        os.write(self._master, key)

    def wait_for(self, text: bytes) -> None:
        """Until this, a regular expression, was drawn after the last key."""
        end_s = time.monotonic() + START_S
        while not re.search(text, self._recent):
            if time.monotonic() > end_s:
                raise TimeoutError(f"never drawn: {text!r}")
            time.sleep(0.001)

    def cpu_s(self) -> float:
        """Of the interface; the sampler, a process of its own, is not in it."""
        return process_cpu_s(psutil.Process(self._process.pid))

    def cpu_s_with_sampler(self) -> float:
        process = psutil.Process(self._process.pid)
        return sum(map(process_cpu_s, (process, *process.children(recursive=True))))

    def signal(self, number: signal.Signals) -> None:
        """To the interface and its sampler."""
        process = psutil.Process(self._process.pid)
        for one in (process, *process.children(recursive=True)):
            one.send_signal(number)

    def close(self) -> None:
        self.press(b"q")
        try:
            self._process.wait(10.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
        os.close(self._master)

    def _drain(self) -> None:
        with contextlib.suppress(OSError):
            while chunk := os.read(self._master, 65_536):
                with self._lock:
                    self.n_bytes += len(chunk)
                    self._recent = (self._recent + chunk)[-200_000:]


def process_cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@contextlib.contextmanager
def screen(columns: int = 80, lines: int = 24) -> Iterator[Screen]:
    with contextlib.closing(Screen(columns, lines)) as made:
        yield made


# The true training.


class Training:
    """One worker on all cores, which does one order after the other."""

    def __init__(self) -> None:
        self._inbox: queue.SimpleQueue[object] = queue.SimpleQueue()
        plan = BenchPlan(python=sys.executable, devices=DEVICES[:1])
        stop = threading.Event()
        self.seat = Seat(plan, DEVICES[0], time.monotonic(), stop, self._inbox.put)

    def __enter__(self) -> "Training":
        self.seat.__enter__()
        self._wait()
        self.do(Prepare(form=Tier.IN_MEMORY))
        return self

    def __exit__(self, *reason: object) -> None:
        self.seat.__exit__(*reason)

    def do(self, order: Order) -> None:
        self.seat.order(order)
        self._wait()

    def turn(self, number: int) -> list[Block]:
        self.do(Train(form=Tier.IN_MEMORY, turn=number, duration_s=TURN_S))
        blocks = self.seat.record.in_memory.blocks
        return [block for block in blocks if block.turn == number]

    def _wait(self) -> None:
        while not self.seat.is_idle:
            self.seat.take(self._inbox.get(timeout=START_S))  # type: ignore[arg-type]


# What is measured.


def tell_frames(seconds: float) -> None:
    for columns, lines in SIZES:
        with screen(columns, lines) as shown:
            n_bytes, cpu_s, began_s = shown.n_bytes, shown.cpu_s(), time.monotonic()
            time.sleep(seconds)
            took_s = time.monotonic() - began_s
            kb = (shown.n_bytes - n_bytes) / (took_s * DRAWN_HZ) / 1_000
            share = (shown.cpu_s() - cpu_s) / took_s
        print(f"{columns}×{lines} at {DRAWN_HZ} Hz: {kb:.1f} KB a frame, {share:.2%} of a core")


def tell_throughput(n_pairs: int) -> None:
    with_it: list[Block] = []
    without: list[Block] = []
    cpu_s = took_s = 0.0
    with screen() as shown, Training() as training:
        for pair in range(n_pairs):
            # There and back, so that a drift favours nobody.
            for is_on in (True, False) if pair % 2 else (False, True):
                shown.signal(signal.SIGCONT if is_on else signal.SIGSTOP)
                time.sleep(SETTLED_S)
                before_s, began_s = shown.cpu_s_with_sampler(), time.monotonic()
                blocks = training.turn(2 * pair + is_on)
                if is_on:
                    cpu_s += shown.cpu_s_with_sampler() - before_s
                    took_s += time.monotonic() - began_s
                paired = [msgspec.structs.replace(block, turn=pair) for block in blocks]
                (with_it if is_on else without).extend(paired)
        shown.signal(signal.SIGCONT)
    share = cpu_s / took_s / (os.cpu_count() or 1)
    print(f"interface and sampling took {share:.2%} of all cores while these trained")
    ratio = paired_ratio(with_it, without)
    if ratio is not None:
        cost = 1 - ratio.ratio
        print(
            f"throughput with the interface and sampling: {ratio.ratio:.4f} of that without "
            f"({ratio.low:.4f} to {ratio.high:.4f}, {ratio.turns} pairs): it costs {cost:.2%}"
        )


def tell_keys(n_keys: int) -> None:
    with screen() as shown, Training() as training:
        for title, is_busy in (("at rest", False), ("while every core trains", True)):
            stop = threading.Event()
            turns = threading.Thread(target=train_until, args=(training, stop))
            if is_busy:
                turns.start()
                time.sleep(SETTLED_S)
            print(f"a key is answered {title}: {quantiles(answers_ms(shown, n_keys))}")
            stop.set()
            if is_busy:
                turns.join()


def train_until(training: Training, stop: threading.Event) -> None:
    for number in itertools.count(1_000):
        if stop.is_set():
            return
        training.turn(number)


def answers_ms(shown: Screen, n_keys: int) -> list[float]:
    """From a key that changes a plot's title to the moment at which it is drawn."""
    told = []
    for _, drawn in zip(range(n_keys), itertools.cycle((AS_WRITTEN, IN_MEMORY)), strict=False):
        time.sleep(0.2 + random.random() * 0.3)  # noqa: S311 -- at no fixed place of the drawing
        began_s = time.monotonic()
        shown.press(b"t")
        shown.wait_for(drawn)
        told.append((time.monotonic() - began_s) * 1_000)
    return told


def quantiles(values: Sequence[float]) -> str:
    ascending = sorted(values)
    high = ascending[math.ceil(0.95 * len(ascending)) - 1]
    return f"median {statistics.median(ascending):.0f} ms, 95 % within {high:.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="for each size of terminal")
    parser.add_argument("--pairs", type=int, default=40, help="of turns of training")
    parser.add_argument("--keys", type=int, default=40)
    parser.add_argument("--show", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.show:
        show()
        return
    print(f"load in the last minute: {os.getloadavg()[0] / (os.cpu_count() or 1):.1f} a CPU")
    tell_frames(options.seconds)
    tell_keys(options.keys)
    tell_throughput(options.pairs)


if __name__ == "__main__":
    main()
