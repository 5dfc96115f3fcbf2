"""What watching GPUs costs: rigcheck's sampler beside nvitop's collector, on one and eight GPUs.

Both sample at 4 Hz the same GPUs, which the tests' own NVML library plays (it needs a C compiler
and the extra `test`); what the true driver takes for its answers comes on top for both. nvitop is
no dependency of rigcheck: `pip install nvitop` before running this. Without it only rigcheck's
figures are printed. Run it in the repository's root: `python benchmarks/nvml_sampling.py`.

Paired: each round gives both the same seconds, one after the other. The figure is the CPU time of
all threads that the kernel counts for the process, as a share of one core, after the start, which
neither is charged for. Printed are the medians of the rounds and of the rounds' ratios. Goals: less
than 0.5 % of a core for eight GPUs, and less than half of nvitop's.
"""

import argparse
import contextlib
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigcheck.monitor.sample import GpuSample, Sample
from rigcheck.monitor.series import SampleSeries
from tests.nvml.fake import compile_library, read_statements

SCENARIO = "eight-h100"
HZ = 4
WARM_UP_S = 3.0
SAMPLES_AN_HOUR = HZ * 3_600

SAMPLER = """
import os
from rigcheck.monitor import sampler
from rigcheck.target.wire import Wire
sampler.run(Wire(os.open(os.devnull, os.O_WRONLY)), {"period_s": 0.25})
"""
COLLECTOR = """
import time
from nvitop import Device, ResourceMetricCollector
with ResourceMetricCollector(Device.all(), root_pids={1}, interval=0.25)("watched"):
    time.sleep(3600)
"""
CALLS = """
import functools, json, statistics, time
from rigcheck import nvml
from rigcheck.gpu import driver
from rigcheck.monitor.gauges import make_gauges
from rigcheck.monitor.gpu_meters import DEAR_METERS, GpuMeters
nvml.load()
with nvml.initialised():
    handle = driver.gpu_handle(0).value
    calls = {name: gauge.read for name, gauge in make_gauges(handle).items()}
    dear = {"dear: " + name: functools.partial(read, handle) for name, read in DEAR_METERS.items()}
    calls |= dear
    meters = GpuMeters("GPU-a", handle)
    calls["all of each tick"] = lambda: meters.read(with_dear=False)
    calls["with the dear ones"] = lambda: meters.read(with_dear=True)
    times = {name: [] for name in calls}
    for _ in range(40):  # at the pace of sampling, so that caches are as cold as they will be
        time.sleep(0.05)
        for name, call in calls.items():
            started_s = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - started_s)
print(json.dumps({name: statistics.median(told) for name, told in times.items()}))
"""


def environment(folder: Path, gpus: int) -> dict[str, str]:
    """What makes a process find so many GPUs."""
    scenario = folder / f"{gpus}.txt"
    lines = list(read_statements(SCENARIO))
    if gpus == 1:
        lines = [line.replace("gpu 0-7", "gpu 0") for line in lines]
        lines = [line for line in lines if not line.startswith(("gpu 5", "pairs"))]
    scenario.write_text("\n".join(lines) + "\n")
    root = str(Path(__file__).resolve().parents[1])
    return os.environ | {
        "LD_LIBRARY_PATH": str(folder),
        "RIGCHECK_TEST_NVML_SCENARIO": str(scenario),
        "PYTHONPATH": root,
    }


@contextlib.contextmanager
def running(code: str, variables: dict[str, str]) -> Iterator[int]:
    """A process of its own, by its number."""
    with subprocess.Popen([sys.executable, "-c", code], env=variables) as process:
        try:
            yield process.pid
        finally:
            process.kill()


def cpu_time_s(pid: int) -> float:
    """Of all its threads, in nanoseconds' resolution; /proc/PID/stat has only hundredths."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def core_share(code: str, variables: dict[str, str], seconds: float) -> float:
    with running(code, variables) as pid:
        time.sleep(WARM_UP_S)
        before_s, started_s = cpu_time_s(pid), time.monotonic()
        time.sleep(seconds)
        return (cpu_time_s(pid) - before_s) / (time.monotonic() - started_s)


def compare(variables: dict[str, str], rounds: int, seconds: float) -> str:
    has_nvitop = importlib.util.find_spec("nvitop") is not None
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(core_share(SAMPLER, variables, seconds))
        if has_nvitop:
            theirs.append(core_share(COLLECTOR, variables, seconds))
    text = f"rigcheck {statistics.median(ours):.2%} of a core ({min(ours):.2%}-{max(ours):.2%})"
    if not has_nvitop:
        return f"{text}; nvitop is not installed"
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    return f"{text}, nvitop {statistics.median(theirs):.2%}, ratio {ratio:.2f}"


def call_times(variables: dict[str, str]) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", CALLS], env=variables, capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout))


def sample(tick: int) -> Sample:
    """Eight GPUs with every meter told, and figures that no two samples share."""
    meters = dict.fromkeys(GpuSample.__struct_fields__[1:], 0.0)
    meters = {name: tick * 1000.0 + n for n, name in enumerate(meters)}
    gpus = tuple(
        GpuSample(gpu=f"GPU-{n}", **(meters | {"clocks_event_reasons": ("power cap",)}))
        for n in range(8)
    )
    return Sample(time_s=tick / HZ, cpu_percent_per_core=(tick * 1.0,) * 64, gpus=gpus)


def series_sizes() -> dict[int, float]:
    """MiB that the series holds after so many hours."""
    sizes = {}
    tracemalloc.start()
    series = SampleSeries()
    for tick in range(4 * SAMPLES_AN_HOUR):
        series.add(sample(tick))
        if (tick + 1) % SAMPLES_AN_HOUR == 0:
            sizes[(tick + 1) // SAMPLES_AN_HOUR] = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    return sizes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each, in each round")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compile_library(folder / "libnvidia-ml.so.1")
        print(f"{options.rounds} rounds of {options.seconds:g} s each, {HZ} Hz, {SCENARIO}")
        for gpus in (1, 8):
            told = compare(environment(folder, gpus), options.rounds, options.seconds)
            print(f"{gpus} GPU{'s' * (gpus > 1)}: {told}")
        print("\nOf one GPU, median of 40 at 20 Hz; the first call also warms the CPU up:")
        for call, duration_s in call_times(environment(folder, 8)).items():
            print(f"  {call:<31} {duration_s * 1e6:7.1f} µs")
    print("\nA series of eight GPUs' samples holds")
    for hours, size in series_sizes().items():
        print(f"  after {hours} h {size:6.1f} MiB")


if __name__ == "__main__":
    main()
