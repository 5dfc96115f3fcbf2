"""What the interface costs: bytes and CPU time a frame, and how soon it answers a key.

Run it in the repository's root, with torch installed: `python benchmarks/tui_cost.py`. What it
costs the training beside it, `benchmarks/tui_throughput.py` tells.

Goals: a live plot at 80×24, drawn twice a second, in under 6 KB a frame and 2 % of a core, and a
key answered within 50 ms while every core trains. Where a CPU trains it is drawn once a second.
"""

import argparse
import itertools
import math
import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.live_screen import SETTLED_S, WITH_CPU, WITHOUT_CPU, Screen, screen
from benchmarks.one_worker import Training
from rigcheck.bench.orders import Train
from rigcheck.bench.tier import Tier

SIZES = ((80, 24), (200, 50))
DRAWN_HZ = {WITHOUT_CPU: 2, WITH_CPU: 1}
TURN_S = 2.0
IN_MEMORY, AS_WRITTEN = rb"images/s in training[^,]", rb"images/s in training, as-written"


def tell_frames(seconds: float) -> None:
    for (columns, lines), (which, drawn_hz) in itertools.product(SIZES, DRAWN_HZ.items()):
        with screen(columns, lines, which) as shown:
            n_bytes, cpu_s, began_s = shown.n_bytes, shown.cpu_s(), time.monotonic()
            time.sleep(seconds)
            took_s = time.monotonic() - began_s
            kb = (shown.n_bytes - n_bytes) / (took_s * drawn_hz) / 1_000
            share = (shown.cpu_s() - cpu_s) / took_s
        print(f"{columns}×{lines} at {drawn_hz} Hz: {kb:.1f} KB a frame, {share:.2%} of a core")


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
        training.do(Train(form=Tier.IN_MEMORY, turn=number, duration_s=TURN_S))


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
    parser.add_argument("--keys", type=int, default=40)
    options = parser.parse_args()
    print(f"load in the last minute: {os.getloadavg()[0] / (os.cpu_count() or 1):.1f} a CPU")
    tell_frames(options.seconds)
    tell_keys(options.keys)


if __name__ == "__main__":
    main()
