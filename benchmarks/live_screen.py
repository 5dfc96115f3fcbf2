"""The benchmark screen in a pseudo-terminal of its own, for what is measured of it from outside.

The true sampler runs beside it, and it plots two devices' blocks as they come from training ten
times a second; only the figures in the blocks are made up, since the true training must not be the
interface's own where that is stopped and let go on.
"""

import contextlib
import fcntl
import itertools
import math
import os
import pty
import queue
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigcheck.bench import events
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import Block
from rigcheck.check_events import CheckFinished
from rigcheck.facts import Rig
from rigcheck.monitor.monitor import Monitor
from rigcheck.monitor.sample import Sample
from rigcheck.terminal import read_terminal
from rigcheck.tui.app import run
from rigcheck.tui.session import Options

BLOCK_S = 0.1
SETTLED_S = 0.5
START_S = 60.0
CPU, *GPUS = (
    BenchDevice(device=device, label=label, name=label, identity="")
    for device, label in (("cpu", "CPU"), ("cuda:0", "GPU 0"), ("cuda:1", "GPU 1"))
)
WITH_CPU, WITHOUT_CPU = "with-cpu", "without-cpu"
"""Which devices train: beside a CPU the screen is drawn less often."""
DEVICES = {WITH_CPU: (CPU, GPUS[0]), WITHOUT_CPU: tuple(GPUS)}


# The interface, in a process of its own.


def show(which: str) -> None:
    checked = CheckFinished(rig=Rig(), findings=(), probes=(), duration_s=0.0)
    # An hour of it: the time axis stands still while it is measured.
    plan = BenchPlan(python=sys.executable, devices=DEVICES[which], training_s=60.0)
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

    def __init__(self, columns: int, lines: int, which: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        unwanted = ("NO_COLOR", "COLORTERM", "TEXTUAL", "RIGCHECK_GLYPHS")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(unwanted)}
        self._process = subprocess.Popen(
            [sys.executable, __file__, which],
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
        """To the interface and its sampler. Raises RuntimeError where it is no longer there."""
        if self._process.poll() is not None:
            raise RuntimeError(f"the interface has ended with {self._process.returncode}")
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
def screen(columns: int = 80, lines: int = 24, which: str = WITH_CPU) -> Iterator[Screen]:
    with contextlib.closing(Screen(columns, lines, which)) as made:
        yield made


if __name__ == "__main__":
    show(sys.argv[1])
