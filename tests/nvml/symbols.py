"""What the libraries of some drivers lack, of the functions that rigcheck calls.

Read from the symbol tables of Debian's packages of libnvidia-ml.so: 535.261.03, 550.163.01 and
555.58.02 lack the same. The functions of the thermal margin and the newer temperature came by 570
(leptonai/gpud#1186), and the header of driver 610's time declares them all. What 470 lacks stands
in its scenario.
"""

_UNTIL_555 = (
    "missing nvmlDeviceGetTemperatureV",
    "missing nvmlDeviceGetMarginTemperature",
    "missing nvmlDeviceGetAddressingMode",
)
LACKS: dict[str, tuple[str, ...]] = {
    "535.261.03": _UNTIL_555,
    "550.163.01": _UNTIL_555,
    "580.95.05": (),
    "610.43.02": (),
}
"""Lines for a scenario, by driver."""

SET_OF: dict[str, str] = {
    "535.261.03": "535.261.03-by-its-symbol-table",
    "550.163.01": "550.163.01-by-its-symbol-table",
    "580.95.05": "580.95.05-by-the-header-only",
    "610.43.02": "610.43.02-by-the-header-only",
}
"""How far each is known, for the names of tests."""
