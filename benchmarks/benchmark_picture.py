"""Draws the README's picture of the benchmark screen, from a true run on this machine.

Run it in the repository's root, with torch installed: `python benchmarks/benchmark_picture.py`. It
checks the machine, trains LeNet on every device with the built-in digits, and writes the screen as
it then stands, 110×32 characters, to `docs/benchmark.svg`. Nothing in it is made up, and of the
machine it names the models of its processors alone.
"""

import argparse
import asyncio
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigcheck.bench.devices import bench_devices
from rigcheck.bench.events import BenchEvent, BenchFinished
from rigcheck.bench.judge import concluded
from rigcheck.bench.plan import BenchPlan
from rigcheck.bench.runner import run
from rigcheck.check import check
from rigcheck.facts import Rig
from rigcheck.probes.probe import ProbeContext
from rigcheck.terminal import Terminal
from rigcheck.tui.app import RigcheckApp
from rigcheck.tui.session import Options

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "benchmark.svg"
COLUMNS, LINES = 110, 32
LIMIT_S = 600.0
LARGEST_BYTES = 200_000
# Textual's own links to web fonts: a picture in a README may load nothing.
FONT_LINKS = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def options(training_s: float, rigs: list[Rig]) -> Options:
    context = ProbeContext(python=sys.executable, data_dir=Path(tempfile.gettempdir()))

    def make_plan(rig: Rig) -> BenchPlan:
        rigs.append(rig)
        return BenchPlan(python=sys.executable, devices=bench_devices(rig), training_s=training_s)

    def bench(plan: BenchPlan, stop: threading.Event) -> Iterator[BenchEvent]:
        for event in run(plan, stop):
            is_last = isinstance(event, BenchFinished)
            yield BenchFinished(run=concluded(rigs[-1], event.run)) if is_last else event

    return Options(
        terminal=Terminal(
            stdin_is_tty=True,
            stdout_is_tty=True,
            stderr_is_tty=True,
            kind="xterm-256color",
            columns=COLUMNS,
            lines=LINES,
            encoding="utf-8",
        ),
        check=lambda: check(context),
        make_plan=make_plan,
        bench=bench,
    )


async def picture(training_s: float) -> str:
    app = RigcheckApp(options(training_s, []))
    async with app.run_test(size=(COLUMNS, LINES)) as pilot:
        await pilot.press("b")
        while app.work.bench is None or not app.work.bench.ended:
            await pilot.pause(0.2)
        await pilot.pause(1.0)
        drawn = app.export_screenshot(title="rigcheck")
    app.work.end()
    return FONT_LINKS.sub("", drawn)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of training on each device")
    seconds = parser.parse_args().seconds
    drawn = asyncio.run(asyncio.wait_for(picture(seconds), LIMIT_S))
    if len(drawn.encode()) > LARGEST_BYTES:
        raise SystemExit(f"{len(drawn.encode()):,} bytes are too many for a picture")
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawn, encoding="utf-8")
    print(f"{PICTURE.name}: {len(drawn.encode()):,} bytes")


if __name__ == "__main__":
    main()
