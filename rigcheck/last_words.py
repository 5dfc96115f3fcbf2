"""Why a process died by a signal: from the signal, its last instruction, and the kernel."""

import re
import signal
from pathlib import Path

import msgspec

from rigcheck.facts import value_of
from rigcheck.instruction_sets import instruction_set, is_deliberate
from rigcheck.oom_kills import read_oom_kills
from rigcheck.probes.kernel_lines import parse_kmsg
from rigcheck.probes.kernel_log import read_kmsg

_WORDS = {
    signal.SIGILL: "an instruction this CPU does not have",
    signal.SIGSEGV: "an invalid memory access",
    signal.SIGBUS: "a memory access the system could not serve",
    signal.SIGKILL: "killed from outside, as the kernel does when memory runs out",
    signal.SIGABRT: "it aborted itself",
    signal.SIGTERM: "asked to end from outside",
}
_OUT_OF_MEMORY = "the kernel killed it: memory ran out"
_GROUP_OUT_OF_MEMORY = "the kernel killed it: the memory that its control group allows ran out"
# `python3[123]: segfault at 0 ip … in libfoo.so[…]`, `traps: python3[123] trap invalid opcode …`.
_FAULT_LINE = r"\[{pid}\]:? .* in ([^\s\[]+)\["
_KILL_LINE = r"(Memory cgroup out of memory|Out of memory):? Kill(?:ed)? process {pid} "
# Of the dump that Python's faulthandler leaves on stderr, the innermost line that is not the
# import system's own.
_PYTHON_LINE = re.compile(r'^  File "([^"]+)", line (\d+) in ', re.MULTILINE)
_CLOCK_SLACK_S = 1.0
"""The log's clock and time.monotonic() may differ by as much."""


class Remains(msgspec.Struct, frozen=True, kw_only=True):
    """What a dead process left behind."""

    pid: int
    started_s: float
    """time.monotonic() when it was started."""
    code: bytes = b""
    """What lay at its instruction pointer when SIGILL came; empty where it is not known."""
    printed: str = ""
    """The end of what it printed."""
    oom_kills_before: int | None = None
    """`read_oom_kills` of before its start."""


def signal_text(number: int, remains: Remains) -> str:
    """`died of SIGILL (an instruction of AVX2, which this CPU does not have; in libfoo.so)`."""
    try:
        named = signal.Signals(number)
    except ValueError:
        return f"died of signal {number}"
    words = [_cause(named, remains), _place(named, remains)]
    told = "; ".join(word for word in words if word)
    return f"died of {named.name}" + (f" ({told})" if told else "")


def _cause(number: signal.Signals, remains: Remains) -> str:
    if number is signal.SIGILL and remains.code:
        return _illegal(remains.code)
    if number is signal.SIGKILL:
        return _killer(remains)
    return _WORDS.get(number, "")


def _illegal(code: bytes) -> str:
    if is_deliberate(code):
        return "it stopped itself by an instruction that no CPU has"
    named = instruction_set(code)
    if named is not None:
        return f"an instruction of {named.title}, which this CPU does not have"
    return f"{_WORDS[signal.SIGILL]}: {code.hex(' ')}"


def _killer(remains: Remains) -> str:
    line = _kernel_said(_KILL_LINE, remains)
    if line is not None:
        return _GROUP_OUT_OF_MEMORY if line[1].startswith("Memory cgroup") else _OUT_OF_MEMORY
    before, now = remains.oom_kills_before, read_oom_kills()
    if before is not None and now is not None and now > before:
        return _GROUP_OUT_OF_MEMORY
    return _WORDS[signal.SIGKILL]


def _place(number: signal.Signals, remains: Remains) -> str:
    """Where it happened: the library, by the kernel's log; the line of Python, by its own dump."""
    if number is signal.SIGKILL:
        return ""
    line = _kernel_said(_FAULT_LINE, remains)
    places = [f"in {line[1]}"] if line is not None else []
    python = parse_python_line(remains.printed)
    return ", ".join([*places, f"from {python}"] if python else places)


def parse_python_line(printed: str) -> str:
    """`/…/numpy/__init__.py line 12` of faulthandler's dump; empty where there is none."""
    _, begun, dump = printed.rpartition("most recent call first)")
    lines = _PYTHON_LINE.findall(dump) if begun else []
    own = (f"{file} line {number}" for file, number in lines if not file.startswith("<frozen"))
    return next(own, "")


def _kernel_said(pattern: str, remains: Remains) -> re.Match[str] | None:
    """The last such line about this process, where the log may be read."""
    log = value_of(read_kmsg(Path("/dev/kmsg"))) or ""
    since_s = remains.started_s - _CLOCK_SLACK_S
    lines = [line.text for line in parse_kmsg(log) if line.at_s >= since_s]
    found = (re.search(pattern.format(pid=remains.pid), line) for line in reversed(lines))
    return next((match for match in found if match is not None), None)
