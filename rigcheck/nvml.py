"""NVML, the driver's own library: the one file that imports pynvml.

Each answer is a fact: found, absent for the reason the driver gave, or failed with its words.
Every call can hang or crash inside the driver, so this is imported in children only.

Authority: the comments in NVIDIA's nvml.h, as in the PyPI package `nvidia-nvml-dev`.
"""

import contextlib
import ctypes
import functools
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pynvml

from rigcheck.facts import Absent, Fact, Failed, Found, Reason
from rigcheck.nvml_library import LIBRARY
from rigcheck.nvml_refusal import Refusal, parse_loader_error

T = TypeVar("T")

MEMORY_V2: int = pynvml.nvmlMemory_v2

SUCCESS: int = pynvml.NVML_SUCCESS
TIMEOUT: int = pynvml.NVML_ERROR_TIMEOUT
LASTING_REFUSALS = frozenset(
    {
        pynvml.NVML_ERROR_INVALID_ARGUMENT,
        pynvml.NVML_ERROR_NOT_SUPPORTED,
        pynvml.NVML_ERROR_NO_PERMISSION,
        pynvml.NVML_ERROR_FUNCTION_NOT_FOUND,
        pynvml.NVML_ERROR_ARGUMENT_VERSION_MISMATCH,
    }
)
"""Codes that the same call is likely to give again in a moment."""

_REASONS = {
    pynvml.NVML_ERROR_NOT_SUPPORTED: Reason.NOT_SUPPORTED,
    pynvml.NVML_ERROR_NO_PERMISSION: Reason.NO_PERMISSION,
    pynvml.NVML_ERROR_DRIVER_NOT_LOADED: Reason.NOT_THERE,
    pynvml.NVML_ERROR_LIBRARY_NOT_FOUND: Reason.NOT_THERE,
    pynvml.NVML_ERROR_NOT_FOUND: Reason.NOT_THERE,
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


def ask_field(gpu: Any, field: int, take: Callable[[int], T]) -> Fact[T]:
    """One field value that is a small whole number; `field` is its number in nvml.h."""
    source = f"NVML field {field}"
    told = ask("nvmlDeviceGetFieldValues", gpu, [field], take=unchanged)
    if not isinstance(told, Found):
        return told
    value = told.value[0]
    if value.nvmlReturn != pynvml.NVML_SUCCESS:
        return _refusal(value.nvmlReturn, source)
    return Found(take(int(value.value.uiVal)), source)


def has(symbol: str) -> bool:
    """True where the library has this function."""
    return hasattr(pynvml.nvmlLib, symbol)


def bind(symbol: str, *arguments: Any) -> Callable[[], int] | None:
    """One call, to be made over and over; it returns NVML's code. None: not in this driver.

    For meters: `ask`, which explains itself, takes ten times as long. The arguments are in ctypes'
    types; the answer, passed with `ctypes.byref`, is overwritten each time.
    """
    try:
        function = getattr(pynvml.nvmlLib, symbol)
    except AttributeError:
        return None
    return functools.partial(function, *arguments)


def memory_answer() -> Any:
    """Room for the answer of `nvmlDeviceGetMemoryInfo_v2`; its `version` is set."""
    answer = pynvml.c_nvmlMemory_v2_t()
    answer.version = MEMORY_V2
    return answer


def older_memory_answer() -> Any:
    """Room for the answer of `nvmlDeviceGetMemoryInfo`."""
    return pynvml.c_nvmlMemory_t()


def utilization_answer() -> Any:
    """Room for the answer of `nvmlDeviceGetUtilizationRates`."""
    return pynvml.c_nvmlUtilization_t()


def temperature_answer() -> Any:
    """Room for the answer of `nvmlDeviceGetTemperatureV`, of the chip."""
    answer = pynvml.c_nvmlTemperature_v1_t()
    answer.version, answer.sensorType = pynvml.nvmlTemperature_v1, pynvml.NVML_TEMPERATURE_GPU
    return answer


def field_answer(field: int) -> Any:
    """Room for the answer of `nvmlDeviceGetFieldValues` of one field; its code is `nvmlReturn`."""
    answer = pynvml.c_nvmlFieldValue_t()
    answer.fieldId = field
    return answer


def event_answer() -> Any:
    """Room for the answer of `nvmlEventSetWait_v2`."""
    return pynvml.c_nvmlEventData_t()


def address(gpu: Any) -> int:
    """What tells two handles apart."""
    return ctypes.cast(gpu, ctypes.c_void_p).value or 0


def is_not_in_driver(fact: Fact[Any]) -> bool:
    """True where the library lacks the function: an older one may tell."""
    return isinstance(fact, Absent) and fact.reason is Reason.NOT_IN_DRIVER


def unchanged(answer: T) -> T:
    """For `take`, where the answer is the value."""
    return answer


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
