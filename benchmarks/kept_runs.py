"""How long `history` and `compare` take over thousands of kept runs, and how much memory.

The runs are made from one that was measured (`--run FILE`): each is
a file of its own, with other times, rates, drivers and ids. Wall time and memory are of whole
processes, files in the page cache; beside them is what reading the same files takes at the least.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from rigcheck.bench.result import DeviceRun, Rate
from rigcheck.report.head import encode_stored
from rigcheck.report.names import ID_CHARACTERS, ID_LENGTH
from rigcheck.report.read import read_report
from rigcheck.report.report import Report

COMMANDS = {
    "rigcheck --version": ["--version"],
    "rigcheck history": ["history"],
    "rigcheck history --json": ["history", "--json"],
    "rigcheck history --since 2026-06 --device epyc": [
        "history",
        "--since=2026-06",
        "--device=epyc",
    ],
    "rigcheck report last": ["report", "last"],
    "rigcheck compare previous last": ["compare"],
}
READER = """
import os, sys
folder = sys.argv[1]
for name in os.listdir(folder):
    with open(os.path.join(folder, name), "rb") as file:
        file.readline()
"""


def fill(folder: Path, original: Report, count: int) -> int:
    """Writes the runs; returns their bytes."""
    chance = random.Random(0)  # noqa: S311 -- not a secret
    total = 0
    for number in range(count):
        seconds = 1_735_689_600 + number * 5_400
        created_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
        id_ = "".join(chance.choices(ID_CHARACTERS, k=ID_LENGTH))
        stamp = created_at.replace("-", "").replace(":", "")
        content = encode_stored(varied(original, created_at, chance))
        (folder / f"{stamp}-{id_}.json").write_bytes(content)
        total += len(content)
    return total


def varied(report: Report, created_at: str, chance: random.Random) -> Report:
    bench = report.bench
    if bench is not None:
        devices = tuple(faster(run, chance.uniform(0.95, 1.05)) for run in bench.devices)
        bench = msgspec.structs.replace(bench, devices=devices)
    changed: Report = msgspec.structs.replace(report, created_at=created_at, bench=bench)
    return changed


def faster(run: DeviceRun, times: float) -> DeviceRun:
    if run.rate is None:
        return run
    names = [name for name in Rate.__struct_fields__ if name != "blocks"]
    scaled = {name: getattr(run.rate, name) * times for name in names}
    changed: DeviceRun = msgspec.structs.replace(
        run, rate=msgspec.structs.replace(run.rate, **scaled)
    )
    return changed


def wall_and_memory(command: list[str], home: Path) -> tuple[float, float]:
    """Seconds, and MiB at the most."""
    started_s = time.perf_counter()
    child = subprocess.Popen(
        command,
        env={**os.environ, "XDG_DATA_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, _, usage = os.wait4(child.pid, 0)
    return time.perf_counter() - started_s, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--run", type=Path, required=True, help="a report to make them from")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    original = read_report(options.run)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        folder = home / "rigcheck" / "runs"
        folder.mkdir(parents=True)
        total = fill(folder, original, options.count)
        print(f"{options.count:,} runs, {total / 2**20:,.0f} MiB; median of {options.rounds}")
        commands = {
            "the first line of each file, read": [sys.executable, "-c", READER, str(folder)],
            **{text: [sys.executable, "-m", "rigcheck", *w] for text, w in COMMANDS.items()},
        }
        for text, command in commands.items():
            rounds = [wall_and_memory(command, home) for _ in range(options.rounds)]
            seconds = statistics.median(wall_s for wall_s, _ in rounds)
            print(f"{text:<48} {seconds:6.2f} s {max(m for _, m in rounds):7.0f} MiB")


if __name__ == "__main__":
    main()
