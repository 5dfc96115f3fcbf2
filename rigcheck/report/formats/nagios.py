"""A line as Nagios, Icinga and their like read it from a plugin.

https://nagios-plugins.org/doc/guidelines.html: `STATE - text | label=value;warn;crit;min;max`,
longer text below. The state is in the line; `rigcheck` keeps its own exit codes, which differ, so
a plugin is a wrapper that maps the first word: OK 0, WARNING 1, CRITICAL 2, UNKNOWN 3.
"""

from collections.abc import Iterator

from rigcheck.bench.result import BenchRun
from rigcheck.facts import value_of
from rigcheck.findings import Finding, Verdict, root_cause
from rigcheck.report.foreign import shown
from rigcheck.report.report import Report

_STATES = {Verdict.FAIL: "CRITICAL", Verdict.WARN: "WARNING", Verdict.UNKNOWN: "UNKNOWN"}
_LONGEST = 400
"""Characters of a text; some receivers cut the whole line at 1 KiB, and the figures come last."""


def nagios(report: Report) -> str:
    """The line, and one more for each finding that is wrong; lines ended."""
    figures = " ".join(_figures(report))
    first = f"RIGCHECK {state(report)} - {_text(_headline(report))} | {figures}"
    return "\n".join([first, *map(_line, _wrong(report)), ""])


def state(report: Report) -> str:
    """`UNKNOWN` where the check did not come to its end, or nothing graver could be told."""
    verdicts = {finding.verdict for finding in report.findings}
    for verdict in (Verdict.FAIL, Verdict.WARN):
        if verdict in verdicts:
            return _STATES[verdict]
    return "UNKNOWN" if report.interrupted or Verdict.UNKNOWN in verdicts else "OK"


def _headline(report: Report) -> str:
    leading = root_cause(report.findings)
    if leading is not None:
        return f"{leading.id}: {leading.headline}"
    wrong = next(_wrong(report), None)
    if wrong is not None:
        return f"{wrong.id}: {wrong.headline}"
    return "interrupted" if report.interrupted else "nothing is wrong that rigcheck knows of"


def _wrong(report: Report) -> Iterator[Finding]:
    return (finding for finding in report.findings if finding.verdict in _STATES)


def _line(finding: Finding) -> str:
    return _text(f"{_STATES[finding.verdict]}: {finding.id}: {finding.headline}")


def _text(text: str) -> str:
    """Without the bar, after which figures begin."""
    told = shown(text).replace("|", "¦")
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"


def _figures(report: Report) -> Iterator[str]:
    counts = {v: sum(f.verdict is v for f in report.findings) for v in Verdict}
    yield f"fail={counts[Verdict.FAIL]};;0;0"
    yield f"warn={counts[Verdict.WARN]};0;;0"
    yield f"unknown={counts[Verdict.UNKNOWN]};;;0"
    yield f"duration={report.check_duration_s:.3f}s;;;0"
    for gpu in value_of(report.rig.nvml.gpus) or ():
        temperature, power = value_of(gpu.temperature_c), value_of(gpu.power_w)
        if temperature is not None:
            yield f"'GPU {gpu.index} temperature'={temperature:g}"
        if power is not None:
            yield f"'GPU {gpu.index} power'={power:g}"
    yield from _bench_figures(report.bench)


def _bench_figures(bench: BenchRun | None) -> Iterator[str]:
    for run in bench.devices if bench is not None else ():
        if run.rate is not None:
            yield f"{_label(f'{run.label} images/s')}={run.rate.images_per_s:.1f};;;0"


def _label(text: str) -> str:
    """Quoted; neither `=` nor a quote may stand in it."""
    told = _text(text).replace("=", "-").replace("'", "`")
    return f"'{told}'"
