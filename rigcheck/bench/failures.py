"""Why a worker ended early, in words, and what to do about it."""

import re
import signal

import msgspec

from rigcheck.child import Death

_MAX_WORDS = 300
_CHECK_HINT = "`rigcheck check` says why, and what to do"
_FREE_MEMORY_HINT = (
    "close other programs, or allow this one more memory; training takes about 1 GiB besides torch"
)


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong. The texts may hold what a foreign program said."""

    error: str
    """One line, no remedy in it."""
    hint: str = ""
    details: str = ""
    """Traceback and last output."""


# What torch and Python say, and what it means. The first that fits counts.
_MEANINGS: tuple[tuple[str, str, str], ...] = (
    (
        r"OutOfMemoryError|CUDA error: out of memory|CUDA out of memory",
        "the GPU's memory ran out",
        "close other programs that use this GPU; `nvidia-smi` lists them",
    ),
    (
        r"^MemoryError|can't allocate memory|[Cc]annot allocate memory",
        "main memory ran out",
        _FREE_MEMORY_HINT,
    ),
    (
        r"no kernel image is available|not compatible with the current PyTorch installation",
        "this torch holds no code for this GPU",
        "`rigcheck check` names the torch that does",
    ),
    (
        r"No module named 'torch'",
        "torch is not installed in this interpreter",
        "`rigcheck check` says which one to install here",
    ),
    (
        r"[Ii]nvalid device|not compiled with|Expected one of cpu|no NVIDIA driver|No CUDA GPU",
        "torch cannot use this device",
        _CHECK_HINT,
    ),
)

_SIGNAL_HINTS: dict[int, str] = {
    signal.SIGKILL: "the kernel kills what uses most memory when none is left: look for its "
    "line in `journalctl -k -b | grep -i 'killed process'`, and " + _FREE_MEMORY_HINT,
    signal.SIGILL: "`rigcheck check` names the instructions that this CPU lacks",
    signal.SIGSEGV: _CHECK_HINT,
    signal.SIGBUS: _CHECK_HINT,
}


def failure_of(death: Death) -> Failure:
    """Explains a death."""
    meaning, hint = _meaning(death)
    words = _one_line(death.reason)
    return Failure(
        error=f"{meaning}: {words}" if meaning else words,
        hint=hint,
        details="\n".join(text for text in (death.traceback, death.output_tail) if text),
    )


def silence(stage: str, limit_s: float) -> Failure:
    """A worker that was killed because it said nothing for too long."""
    return Failure(error=f"no sign of life for {limit_s:g} s during {stage}", hint=_CHECK_HINT)


def nonsense(error: msgspec.ValidationError) -> Failure:
    """A worker whose words are not those of the task."""
    return Failure(error=f"the worker sent what is not an event: {_one_line(str(error))}")


def no_start(python: str, error: OSError) -> Failure:
    """An interpreter that cannot be started."""
    return Failure(
        error=f"{python} cannot be started: {error.strerror}", hint="choose another with --python"
    )


def _meaning(death: Death) -> tuple[str, str]:
    if death.signal is not None:
        return "", _SIGNAL_HINTS.get(death.signal, "")
    for pattern, meaning, hint in _MEANINGS:
        if re.search(pattern, death.reason):
            return meaning, hint
    return "", ""


def _one_line(text: str) -> str:
    """The first lines, joined: torch's advice on CUDA_LAUNCH_BLOCKING and the like comes later."""
    words = " ".join(text.partition("\nCUDA kernel errors")[0].split())
    return words if len(words) <= _MAX_WORDS else words[: _MAX_WORDS - 1] + "…"
