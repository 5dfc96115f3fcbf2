"""How long rigcheck takes to answer, beside what it cannot avoid.

Paired: each round runs every command once, in turn, so that a machine that changes its speed
changes it for all. Printed are the medians of wall and CPU time, and of the rounds' ratios to the
command named. CPU time is that of the command and all that it started; where other programs keep
the machine busy, it tells more than wall time. Last come the goals, as medians of the rounds.
"""

import os
import statistics
import subprocess
import sys
import sysconfig
import time
from typing import NamedTuple

ROUNDS = 7
PYTHON = sys.executable
BASE_PYTHON = f"{sys.base_prefix}/bin/python3"
RIGCHECK = f"{sysconfig.get_path('scripts')}/rigcheck"

COMMANDS = {
    "python -c pass": [PYTHON, "-c", "pass"],
    "rigcheck --version": [RIGCHECK, "--version"],
    "rigcheck --help": [RIGCHECK, "--help"],
    "rigcheck check, no torch there": [RIGCHECK, "check", "--python", BASE_PYTHON],
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
        "check without torch within 0.3 s": [
            0.3 - r["rigcheck check, no torch there"].wall_s for r in rounds
        ],
        "check within 1.15 × import torch + 0.3 s": [
            1.15 * r[REFERENCE].wall_s + 0.3 - r["rigcheck check"].wall_s for r in rounds
        ],
    }
    for goal, left in goals.items():
        left_s = statistics.median(left)
        print(f"{goal:<42} {'met' if left_s >= 0 else 'missed'} by {abs(left_s):.2f} s")


def main() -> None:
    for command in COMMANDS.values():
        cost(command)  # so that every round finds its files in memory
    rounds = [{name: cost(command) for name, command in COMMANDS.items()} for _ in range(ROUNDS)]
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(f"{ROUNDS} rounds; × is the ratio to `{REFERENCE}` in the same round")
    print(f"load in the last minute: {busy:.1f} a CPU")
    print(f"{'':<36} {'wall':>8} {'':>7} {'CPU':>10}")
    for name in COMMANDS:
        wall_s = statistics.median(r[name].wall_s for r in rounds)
        cpu_s = statistics.median(r[name].cpu_s for r in rounds)
        wall = statistics.median(r[name].wall_s / r[REFERENCE].wall_s for r in rounds)
        cpu = statistics.median(r[name].cpu_s / r[REFERENCE].cpu_s for r in rounds)
        print(f"{name:<36} {wall_s:6.2f} s {wall:5.2f} ×  {cpu_s:6.2f} s {cpu:5.2f} ×")
    tell_goals(rounds)


if __name__ == "__main__":
    main()
