"""The keys of the benchmark screen: what they do, and which of them are named at the bottom."""

from textual.binding import Binding, BindingType

from rigcheck.tui.key_bar import Key
from rigcheck.tui.workbench import Workbench

BINDINGS: list[BindingType] = [
    *(Binding(str(i), f"choose_device({i})", show=False) for i in range(1, 10)),
    Binding("right_square_bracket,down,j", "next_device(1)", "Next device"),
    Binding("left_square_bracket,up,k", "next_device(-1)", "Device before"),
    Binding("m", "next_metric(1)", "Next metric"),
    Binding("M", "next_metric(-1)", "Metric before"),
    Binding("d", "define", "Define the metric"),
    Binding("w", "why", "What holds the device back"),
    Binding("t", "next_form", "Throughput of the next form"),
    Binding("plus,equals_sign", "zoom(1)", "Closer"),
    Binding("minus", "zoom(-1)", "Farther"),
    Binding("left,h", "scroll_time(-1)", "Earlier"),
    Binding("right,l", "scroll_time(1)", "Later"),
    Binding("0,home", "show_all", "The whole run"),
    Binding("p", "pause", "Pause or go on"),
    Binding("a", "add_device", "Add a device to this run"),
    Binding("o", "choose_benchmark", "Devices and length"),
    Binding("x", "app.stop_benchmark", "Stop"),
    Binding("s,enter", "app.benchmark_again", "Start again"),
    Binding("b,escape", "app.back", "Back to the check"),
]

_START = Key("s", "start", "app.benchmark_again")
_OPTIONS = Key("o", "options", "screen.choose_benchmark")
_AT_REST = (Key("s", "start again", "app.benchmark_again"), _OPTIONS)
_STOP = Key("x", "stop", "app.stop_benchmark")
_AT_WORK = (_STOP, Key("p", "pause", "screen.pause"))
_PAUSED = (_STOP, Key("p", "go on", "screen.pause"))
_ADD = Key("a", "add device", "screen.add_device")
_CHOOSE = (
    Key("1-9", "device", "screen.next_device(1)"),
    Key("m", "metric", "screen.next_metric(1)"),
    Key("w", "why", "screen.why"),
    Key("+-", "zoom", "screen.zoom(1)"),
    Key("t", "form", "screen.next_form"),
    Key("d", "define", "screen.define"),
)
ALWAYS = (
    Key("b", "back", "app.back"),
    Key("?", "help", "app.help"),
    Key("q", "quit", "app.quit"),
)


def shown_keys(work: Workbench, copy_keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """Those that do something now, the most needed first; the last two are always shown."""
    if work.bench is None:
        start = () if work.bench_wanted else (_START, _OPTIONS)
        return (*start, *copy_keys, *ALWAYS)
    if work.bench.ended:
        return (*_AT_REST, *_CHOOSE, *copy_keys, *ALWAYS)
    add = (_ADD,) if work.missing_devices else ()
    return (*(_PAUSED if work.pausing else _AT_WORK), *add, *_CHOOSE, *copy_keys, *ALWAYS)
