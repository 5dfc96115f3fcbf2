"""NVML, the driver's own library: the one file that imports pynvml.

Each answer is a fact: found, absent for the reason the driver gave, or failed with its words.
Every call can hang or crash inside the driver, so this is imported in children only.

Authority: the comments in NVIDIA's nvml.h, as in the PyPI package `nvidia-nvml-dev`.
"""

import contextlib
import ctypes
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, TypeVar

import pynvml

from rigcheck.facts import Absent, Fact, Failed, Found, Reason

T = TypeVar("T")
Refusal: TypeAlias = Absent | Failed

LIBRARY = "libnvidia-ml.so.1"
MEMORY_V2: int = pynvml.nvmlMemory_v2
TEMPERATURE_GPU: int = pynvml.NVML_TEMPERATURE_GPU

_REASONS = {
    pynvml.NVML_ERROR_NOT_SUPPORTED: Reason.NOT_SUPPORTED,
    pynvml.NVML_ERROR_NO_PERMISSION: Reason.NO_PERMISSION,
    pynvml.NVML_ERROR_DRIVER_NOT_LOADED: Reason.NOT_THERE,
    pynvml.NVML_ERROR_LIBRARY_NOT_FOUND: Reason.NOT_THERE,
    pynvml.NVML_ERROR_FUNCTION_NOT_FOUND: Reason.NOT_IN_DRIVER,
    pynvml.NVML_ERROR_GPU_IS_LOST: Reason.GPU_LOST,
}


def load(library: str = LIBRARY) -> Refusal | None:
    """Loads the library; returns why it could not, in the loader's own words.

    pynvml would say "not found" also of a file that is damaged or built for another machine.
    """
    try:
        pynvml.nvmlLib = ctypes.CDLL(library)
    except OSError as error:
        return parse_loader_error(str(error), library)
    return None


def parse_loader_error(text: str, library: str) -> Refusal:
    """Tells a library that is not there from one that is and cannot be loaded.

    A missing file of another name is a dependency, so the library itself was found.
    """
    source = f"dlopen {library}"
    if library in text and "no such file" in text.lower():
        return Absent(Reason.NOT_THERE, source, text)
    return Failed(text, source)


@contextlib.contextmanager
def initialised() -> Iterator[Refusal | None]:
    """NVML ready between here and the end of the block, or the reason why not.

    No GPU is needed, and one that is broken does not keep the others from answering.
    """
    start = ask("nvmlInitWithFlags", pynvml.NVML_INIT_FLAG_NO_GPUS, take=_nothing)
    if not isinstance(start, Found):
        yield start
        return
    try:
        yield None
    finally:
        ask("nvmlShutdown", take=_nothing)


def ask(function: str, *arguments: Any, take: Callable[[Any], T], symbol: str = "") -> Fact[T]:
    """One call.

    Args:
        function: its name in pynvml.
        arguments: what it gets.
        take: makes the value from what it returns; a ValueError says that it is nonsense.
        symbol: its name in the library, where that is another.
    """
    source = f"NVML {symbol or function}"
    try:
        return Found(take(_call(function, arguments)), source)
    except pynvml.NVMLError as error:
        return _refusal(error.value, source)
    except ValueError as error:
        return Failed(str(error), source)


def _call(function: str, arguments: tuple[Any, ...]) -> Any:
    try:
        return getattr(pynvml, function)(*arguments)
    except UnicodeDecodeError as garbled:
        # pynvml decodes names strictly. What is readable of one is worth having.
        return garbled.object.decode(errors="replace")


def _refusal(code: int, source: str) -> Refusal:
    words = _words(code)
    reason = _REASONS.get(code)
    return Failed(words, source) if reason is None else Absent(reason, source, words)


def _words(code: int) -> str:
    """The library's own, as nvidia-smi prints them."""
    try:
        words = str(pynvml.nvmlErrorString(code))
    except (pynvml.NVMLError, ValueError):
        words = "Unknown Error"
    return f"Unknown Error (NVML {code})" if words == "Unknown Error" else words


def _nothing(_: Any) -> None:
    return None
