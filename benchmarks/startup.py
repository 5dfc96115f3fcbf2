"""How long rigcheck takes to answer, beside what it cannot avoid.

Paired: each round runs every command once, in turn, so that a machine that changes its speed
changes it for all. Printed are the medians of wall and CPU time, and of the rounds' ratios to the
command named. CPU time is that of the command and all that it started; where other programs keep
the machine busy, it tells more than wall time. Last come the goals, as medians of the rounds.

Without torch means an environment in which nothing is installed: what some packages run at each
start of their interpreter is no cost of rigcheck's.
"""

import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from pathlib import Path
from typing import NamedTuple

ROUNDS = 7
PYTHON = sys.executable
RIGCHECK = f"{sysconfig.get_path('scripts')}/rigcheck"

BARE = "python -c pass, nothing installed"
NO_TORCH = "rigcheck check, no torch there"

COMMANDS = {
    "python -c pass": [PYTHON, "-c", "pass"],
    "rigcheck --version": [RIGCHECK, "--version"],
    "rigcheck --help": [RIGCHECK, "--help"],
    "import torch": [PYTHON, "-c", "import torch"],
    "import torch, torchvision": [PYTHON, "-c", "import torch, torchvision"],
    "rigcheck check": [RIGCHECK, "check", "--python", PYTHON],
    "python -m torch.utils.collect_env": [PYTHON, "-m", "torch.utils.collect_env"],
}
REFERENCE = "import torch"
# As an installed program has it: compiled modules are kept.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


class Cost(NamedTuple):
    wall_s: float
    cpu_s: float


def cost(command: list[str]) -> Cost:
    started_s = time.perf_counter()
    process = subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - started_s
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(wall_s, usage.ru_utime + usage.ru_stime)


def tell_goals(rounds: list[dict[str, Cost]]) -> None:
    """What each round left of the time that it had, by the import of torch in the same round."""
    goals = {
        "--help within 0.1 s": [0.1 - r["rigcheck --help"].wall_s for r in rounds],
        "check without torch within 0.3 s": [0.3 - r[NO_TORCH].wall_s for r in rounds],
        "check within 1.15 × import torch + 0.3 s": [
            1.15 * r[REFERENCE].wall_s + 0.3 - r["rigcheck check"].wall_s for r in rounds
        ],
    }
    for goal, left in goals.items():
        left_s = statistics.median(left)
        print(f"{goal:<42} {'met' if left_s >= 0 else 'missed'} by {abs(left_s):.2f} s")


def measure(commands: dict[str, list[str]]) -> list[dict[str, Cost]]:
    for command in commands.values():
        cost(command)  # so that every round finds its files in memory
    return [{name: cost(command) for name, command in commands.items()} for _ in range(ROUNDS)]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, symlinks=True)
        bare = str(Path(folder) / "bin" / "python")
        without_torch = {
            BARE: [bare, "-c", "pass"],
            NO_TORCH: [RIGCHECK, "check", "--python", bare],
        }
        tell(measure(COMMANDS | without_torch))


def tell(rounds: list[dict[str, Cost]]) -> None:
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(f"{ROUNDS} rounds; × is the ratio to `{REFERENCE}` in the same round")
    print(f"load in the last minute: {busy:.1f} a CPU")
    print(f"{'':<36} {'wall':>8} {'':>7} {'CPU':>10}")
    for name in rounds[0]:
        wall_s = statistics.median(r[name].wall_s for r in rounds)
        cpu_s = statistics.median(r[name].cpu_s for r in rounds)
        wall = statistics.median(r[name].wall_s / r[REFERENCE].wall_s for r in rounds)
        cpu = statistics.median(r[name].cpu_s / r[REFERENCE].cpu_s for r in rounds)
        print(f"{name:<36} {wall_s:6.2f} s {wall:5.2f} ×  {cpu_s:6.2f} s {cpu:5.2f} ×")
    tell_goals(rounds)


if __name__ == "__main__":
    main()
