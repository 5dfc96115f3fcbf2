"""Plots of a run, by matplotlib, as SVG within the page: sharp in print, and without a request.

matplotlib writes colours as they are; those here are names of a kind, replaced by the page's own
variables, so that one drawing serves light, dark and print.
"""

import io
import math
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rigcheck.bench.result import BenchRun, DeviceRun, SpeedUp
from rigcheck.bench.tier import Tier
from rigcheck.report.foreign import shown
from rigcheck.report.formats.lines import PANELS, Line, Panel, panel_lines
from rigcheck.report.formats.markup import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SERIES = 8
"""Colours the page has; a device beyond them shares one."""
_INK, _LINE = "#0b0b01", "#0b0b02"
_WIDTH_IN, _PANEL_IN, _BAR_IN = 9.0, 1.35, 0.34
_LOG_FROM = 20
"""Ratio of the fastest to the slowest device from which one axis serves both by powers of ten."""
_RC = {
    "svg.fonttype": "none",
    "svg.hashsalt": "rigcheck",
    # `$` in a name is a dollar.
    "text.parse_math": False,
    "font.size": 9,
    "font.family": "sans-serif",
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": "cycler('color', ['#0b0b10'])",
    "grid.color": _LINE,
    "grid.linewidth": 0.5,
    "xtick.color": _LINE,
    "ytick.color": _LINE,
    "xtick.labelcolor": _INK,
    "ytick.labelcolor": _INK,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}


def time_plot(bench: BenchRun, names: Mapping[str, str]) -> Markup:
    """Throughput, utilization, power, temperature and clocks on one time axis.

    Empty where nothing was measured over time.

    Args:
        bench: the run.
        names: of the machine's GPUs by their identity, for those that were watched alone.

    Raises:
        ImportError: without matplotlib.
    """
    drawn = [(panel, lines) for panel in PANELS if (lines := panel_lines(bench, panel, names))]
    if not drawn:
        return Markup("")
    from matplotlib import rc_context  # noqa: PLC0415 -- an extra, and slow to load

    with rc_context(_RC):
        figure = _figure(_PANEL_IN * len(drawn) + 0.7)
        axes = figure.subplots(len(drawn), 1, sharex=True, squeeze=False)[:, 0].tolist()
        for axis, (panel, lines) in zip(axes, drawn, strict=True):
            _draw_panel(axis, panel, lines)
        axes[-1].set_xlabel("seconds since the run began")
        _legend(figure, axes)
        return _svg(figure, "time")


def speed_up_plot(speed_ups: Sequence[SpeedUp], runs: Sequence[DeviceRun]) -> Markup:
    """Bars of how many times as fast each device trains as the baseline, with 95 % intervals.

    Raises:
        ImportError: without matplotlib.
    """
    if not speed_ups:
        return Markup("")
    from matplotlib import rc_context  # noqa: PLC0415 -- as above

    with rc_context(_RC):
        figure = _figure(_BAR_IN * (len(speed_ups) + 1) + 0.9)
        _draw_bars(figure.subplots(), speed_ups, {r.device: (i, r) for i, r in enumerate(runs)})
        return _svg(figure, "bars")


def _draw_panel(axis: "Axes", panel: Panel, lines: Sequence[Line]) -> None:
    for line in lines:
        axis.plot(
            line.times_s,
            line.values,
            color=_series(line.series),
            linestyle=line.style,
            linewidth=1.4,
            marker="o" if line.is_sparse else None,
            markersize=2.5,
            label=shown(line.label),
        )
    axis.set_title(panel.title, loc="left", fontsize=9)
    if panel.is_rate and _spread(lines) > _LOG_FROM:
        axis.set_yscale("log")
    elif panel.is_share:
        axis.set_yticks(range(0, 101, 25))
        axis.set_ylim(0, 105)
    else:
        axis.set_ylim(0, 1.1 * max(map(_top, lines)) or 1)
    axis.locator_params(axis="x", nbins=10)


def _spread(lines: Sequence[Line]) -> float:
    positive = [top for top in map(_top, lines) if top > 0]
    return max(positive) / min(positive) if positive else 1.0


def _top(line: Line) -> float:
    return max((value for value in line.values if not math.isnan(value)), default=0.0)


def _legend(figure: "Figure", axes: Sequence["Axes"]) -> None:
    """Each device once, whichever panels it is in."""
    handles = {
        label: handle
        for axis in axes
        for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)
    }
    figure.legend(
        list(handles.values()), list(handles), loc="outside upper left", ncols=min(4, len(handles))
    )


def _draw_bars(
    axis: "Axes", speed_ups: Sequence[SpeedUp], runs: dict[str, tuple[int, DeviceRun]]
) -> None:
    for row, up in enumerate(speed_ups):
        series = runs[up.device][0] if up.device in runs else 0
        axis.barh(
            row,
            up.ratio,
            height=0.6,
            color=_series(series),
            xerr=[[max(0.0, up.ratio - up.low)], [max(0.0, up.high - up.ratio)]],
            ecolor=_INK,
            capsize=3,
        )
        axis.annotate(
            f"{up.ratio:.3g}×",
            (max(up.high, up.ratio), row),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
        )
    axis.set_yticks(range(len(speed_ups)), [_bar_name(up, runs) for up in speed_ups])
    axis.set_ylim(len(speed_ups) - 0.4, -0.6)
    axis.axvline(1.0, color=_INK, linewidth=1, linestyle=":")
    axis.margins(x=0.12)
    axis.set_xlim(left=0)
    axis.set_xlabel("times as fast as the baseline (the dotted line), with the 95 % interval")
    axis.grid(visible=False, axis="y")


def _bar_name(up: SpeedUp, runs: dict[str, tuple[int, DeviceRun]]) -> str:
    both = (up.device, up.baseline)
    names = [runs[device][1].label if device in runs else device for device in both]
    form = "" if up.tier is Tier.IN_MEMORY else f", {up.tier.value}"
    return shown(f"{names[0]} to {names[1]}{form}")


def _figure(height_in: float) -> "Figure":
    from matplotlib.figure import Figure  # noqa: PLC0415 -- as above

    return Figure(figsize=(_WIDTH_IN, height_in), layout="constrained")


def _series(index: int) -> str:
    return f"#0b0b{0x10 + index % SERIES:02x}"


def _svg(figure: "Figure", name: str) -> Markup:
    """The drawing alone, its ids its own, its colours the page's."""
    buffer = io.StringIO()
    with warnings.catch_warnings():
        # The page's fonts write the names, not those that matplotlib measures with.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    drawing = buffer.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", drawing)
    drawing = re.sub(r' (?:width|height)="[\d.]+pt"', "", drawing, count=2)
    return Markup(_with_variables(drawing))


def _with_variables(drawing: str) -> str:
    for colour, variable in _variables():
        drawing = drawing.replace(colour, f"var(--{variable})")
    return drawing


def _variables() -> Iterator[tuple[str, str]]:
    yield _INK, "soft"
    yield _LINE, "line"
    for index in range(SERIES):
        yield _series(index), f"series-{index + 1}"
