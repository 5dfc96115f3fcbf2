"""The meters of one GPU, each bound once to the driver's function, as they are asked so often.

None is a gap. What a GPU refuses for good is asked again only at the slow turns.
"""

import ctypes
import operator
from collections.abc import Callable
from typing import Any, TypeAlias, final

from rigcheck import nvml
from rigcheck.gpu import numbers
from rigcheck.gpu.driver import Handle

Value: TypeAlias = int | float | tuple[str, ...]
_SUCCESS = nvml.SUCCESS
Take: TypeAlias = Callable[[Any], Value | None]


@final
class Gauge:
    """One figure.

    Attributes:
        is_refused: the GPU, or this driver, has no such figure.
    """

    __slots__ = ("_answer", "_call", "_take", "is_refused")

    def __init__(self, call: Callable[[], int] | None, answer: Any, take: Take) -> None:
        self.is_refused = call is None
        self._call = call
        self._answer = answer
        self._take = take

    def read(self) -> Value | None:
        """Its value now."""
        if self._call is None:
            return None
        code = self._call()
        if code == _SUCCESS:
            self.is_refused = False
            return self._take(self._answer)
        self.is_refused = code in nvml.LASTING_REFUSALS
        return None


def make_gauges(gpu: Handle) -> dict[str, Gauge]:
    """Those of each turn, by the name of the field of `GpuSample`."""
    return {
        "utilization_percent": _gauge(
            "nvmlDeviceGetUtilizationRates", gpu, nvml.utilization_answer(), _attribute("gpu")
        ),
        "memory_used_bytes": _memory_used(gpu),
        "power_w": _number("nvmlDeviceGetPowerUsage", gpu, _thousandth),
        "temperature_c": _temperature(gpu),
        "memory_temperature_c": _memory_temperature(gpu),
        "energy_j": _number(
            "nvmlDeviceGetTotalEnergyConsumption", gpu, _thousandth, ctypes.c_ulonglong
        ),
        "sm_clock_mhz": _clock(gpu, numbers.CLOCK_SM),
        "memory_clock_mhz": _clock(gpu, numbers.CLOCK_MEMORY),
        "clocks_event_reasons": _reasons(gpu),
        "pcie_generation": _number("nvmlDeviceGetCurrPcieLinkGeneration", gpu, _positive),
        "pcie_width": _number("nvmlDeviceGetCurrPcieLinkWidth", gpu, _positive),
    }


def _gauge(symbol: str, gpu: Handle, answer: Any, take: Take) -> Gauge:
    return Gauge(nvml.bind(symbol, gpu, ctypes.byref(answer)), answer, take)


def _number(symbol: str, gpu: Handle, take: Take, kind: Any = ctypes.c_uint) -> Gauge:
    return _gauge(symbol, gpu, kind(), take)


def _clock(gpu: Handle, clock: int) -> Gauge:
    answer = ctypes.c_uint()
    call = nvml.bind("nvmlDeviceGetClockInfo", gpu, ctypes.c_uint(clock), ctypes.byref(answer))
    return Gauge(call, answer, _value)


def _memory_used(gpu: Handle) -> Gauge:
    newer = nvml.memory_answer()
    call = nvml.bind("nvmlDeviceGetMemoryInfo_v2", gpu, ctypes.byref(newer))
    if call is not None:
        return Gauge(call, newer, _used_bytes)
    return _gauge("nvmlDeviceGetMemoryInfo", gpu, nvml.older_memory_answer(), _used_bytes)


def _temperature(gpu: Handle) -> Gauge:
    newer = nvml.temperature_answer()
    call = nvml.bind("nvmlDeviceGetTemperatureV", gpu, ctypes.byref(newer))
    if call is not None:
        return Gauge(call, newer, _attribute("temperature"))
    answer = ctypes.c_uint()
    sensor = ctypes.c_uint(numbers.TEMPERATURE_GPU)
    older = nvml.bind("nvmlDeviceGetTemperature", gpu, sensor, ctypes.byref(answer))
    return Gauge(older, answer, _value)


def _memory_temperature(gpu: Handle) -> Gauge:
    answer = nvml.field_answer(numbers.FIELD_MEMORY_TEMPERATURE)
    call = nvml.bind("nvmlDeviceGetFieldValues", gpu, ctypes.c_int(1), ctypes.byref(answer))
    if call is None:
        return Gauge(None, answer, _value)

    def ask() -> int:
        code = call()
        return code if code != nvml.SUCCESS else int(answer.nvmlReturn)

    return Gauge(ask, answer, lambda told: int(told.value.uiVal))


def _reasons(gpu: Handle) -> Gauge:
    answer = ctypes.c_ulonglong()
    room = ctypes.byref(answer)
    newer = nvml.bind("nvmlDeviceGetCurrentClocksEventReasons", gpu, room)
    older = nvml.bind("nvmlDeviceGetCurrentClocksThrottleReasons", gpu, room)
    return Gauge(newer or older, answer, lambda told: numbers.reason_words(told.value))


def _attribute(name: str) -> Take:
    return operator.attrgetter(name)


def _value(told: Any) -> int:
    return int(told.value)


def _thousandth(told: Any) -> float:
    return float(told.value / 1000)


def _positive(told: Any) -> int | None:
    """A link has a generation and lanes; 0 is a driver that cannot tell."""
    return int(told.value) or None


def _used_bytes(told: Any) -> int | None:
    return None if told.used == numbers.NOT_AVAILABLE else int(told.used)
