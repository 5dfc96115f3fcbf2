"""How long rigcheck takes to answer, beside what it cannot avoid.

Paired: each round runs every command once, in turn, so that a machine that changes its speed
changes it for all. Printed are the median wall time and the median of the rounds' ratios to the
command named.
"""

import statistics
import subprocess
import sys
import sysconfig
import time

ROUNDS = 7
PYTHON = sys.executable
BASE_PYTHON = f"{sys.base_prefix}/bin/python3"
RIGCHECK = f"{sysconfig.get_path('scripts')}/rigcheck"

COMMANDS = {
    "python -c pass": [PYTHON, "-c", "pass"],
    "rigcheck --help": [RIGCHECK, "--help"],
    "rigcheck check, no torch there": [RIGCHECK, "check", "--python", BASE_PYTHON],
    "import torch, torchvision": [PYTHON, "-c", "import torch, torchvision"],
    "rigcheck check": [RIGCHECK, "check", "--python", PYTHON],
    "python -m torch.utils.collect_env": [PYTHON, "-m", "torch.utils.collect_env"],
}
REFERENCE = "import torch, torchvision"


def wall_s(command: list[str]) -> float:
    started_s = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started_s


def main() -> None:
    for command in COMMANDS.values():
        wall_s(command)  # so that every round finds its files in memory
    rounds = [{name: wall_s(command) for name, command in COMMANDS.items()} for _ in range(ROUNDS)]
    print(f"{ROUNDS} rounds; × is the ratio to `{REFERENCE}` in the same round")
    for name in COMMANDS:
        median_s = statistics.median(times[name] for times in rounds)
        ratio = statistics.median(times[name] / times[REFERENCE] for times in rounds)
        print(f"{name:<36} {median_s:6.2f} s  {ratio:5.2f} ×")


if __name__ == "__main__":
    main()
