"""What the help screen says. Figures that are in the report have their meaning from its schema."""

import re
import textwrap
from collections.abc import Iterator

from rigcheck.report.definitions import definition
from rigcheck.tui.metrics import OF_A_GPU, OF_THE_HOST, Metric

_KEYS = """\
Keys everywhere
  ?                this help
  h                results: this run and earlier ones
  Ctrl-P           all that can be done on this screen, to be searched
  c                copy the remedy's commands to the clipboard of your terminal, also over SSH
                   where the terminal takes OSC 52 (in tmux: set -g set-clipboard on)
  P                leave, and print everything as plain text, as `rigcheck --plain` does: for a
                   screen reader, or to scroll back to
  Ctrl-Z           to the shell, where `fg` leads back; a benchmark rests meanwhile, once its
                   device has ended what it is at
  q  Ctrl-C        quit; what was measured stays, no process is left behind

Keys of the check
  ↑ ↓  j k         choose a group
  Enter  →         to its details, which scroll with ↑ ↓ PgUp PgDn; back with Esc or ←
  Tab              between the groups and the details
  /                search: only groups in which every word occurs in a name, finding or fact;
                   Enter keeps it, Esc ends it
  f                show all groups, or only those with something wrong
  r                ask the chosen part again
  R                check everything again
  s                save this run to a file
  b                benchmark
  B                benchmark, devices and length chosen first
  Changes          what is new, gone or different since the last run that is kept

Keys of the results
  ↑ ↓  j k         choose a run; ! is one that was interrupted, with what it measured until then
  Enter  →         to its report, which scrolls
  m  Space         mark a run: each other one is then compared with it
  s                save the chosen run to a file
  b  Esc           back

Verdicts
  ✓ pass           looked at and fine
  ! warn           works, but will cost speed, safety or trouble
  ✗ fail           does not work; the box on top names the one cause to mend first
  ? unknown        could not be told; the details say why, and what would tell
  · skip           does not apply to this machine, or nothing judges it
  follows          the consequence of another finding: mend that one and look again
"""
_BENCHMARK = """\
Keys of the benchmark
  1 … 9  [ ]  ↑ ↓  choose the device whose meters are plotted
  m  M             choose the next metric, the one before; below is what each means
  d                what the metric on the screen means, here and now
  w                what holds the device back, what shows it, what to do about it
  t                throughput of the next form of training: in memory, as written, peak
  +  -             a shorter stretch of time, a longer one
  ← →  h l         earlier, later;  0 the whole run
  p                pause and go on; what a device is at, it ends first
  a                add a device to this run: the others rest while it gets ready, then it takes
                   its turns beside them
  x                stop; what was measured so far stays
  s  Enter         start again
  o                devices, length and extent of the next benchmark
  b  Esc           back to the check; the training goes on

Figures of the benchmark
  images/s         {Rate.images_per_s}
  ±, interval      {Rate.low_images_per_s}
  loss             {Block.loss} NaN: no longer a number.
  accuracy         test: {Evaluation.accuracy} train: {Epoch.train_accuracy}
  … times as fast  {SpeedUp.ratio} In parentheses: {SpeedUp.low}
  watch, watching  {SamplerCost.cpu_share}
  as-written, peak the same training in other forms; their ratio: {TierRun.of_in_memory}
  drawing          twice a second, beside training on the CPU once: it takes from what is
                   measured there. A key is answered at once
  a gap in a line  nothing was measured then; a gap is not zero. Devices and forms train in turns:
                   while others have theirs, a line of throughput goes on
  marks            below a plot, from the moment on at which they are true:
                   {GpuSample.clocks_event_reasons}
                   Xid and a number: {XidEvent.xid} no answer: the GPU told nothing at all.
"""
_WORD_COLUMNS = 17
_FIELD = re.compile(r"\{(\w+\.\w+)\}")

Section = tuple[str, tuple[tuple[str, str], ...]]


def sections(*, benchmark_first: bool = False) -> tuple[Section, ...]:
    """Titles, each with its words and what they mean."""
    benchmark = (
        *_parsed(_BENCHMARK),
        ("Metrics of a GPU", tuple(_metrics(OF_A_GPU))),
        ("Metrics of the machine", tuple(_metrics(OF_THE_HOST))),
    )
    keys = tuple(_parsed(_KEYS))
    return (*benchmark, *keys) if benchmark_first else (*keys, *benchmark)


def _metrics(metrics: tuple[Metric, ...]) -> Iterator[tuple[str, str]]:
    for metric in metrics:
        told = tuple((meter.name, definition(meter.field)) for meter in reversed(metric.meters))
        named = " ".join(f"{name}: {meaning}" for name, meaning in told)
        yield metric.name, named if len(told) > 1 else told[0][1]


def _parsed(text: str) -> Iterator[Section]:
    told = _FIELD.sub(lambda field: definition(field[1]), text)
    for block in told.split("\n\n"):
        title, _, entries = block.partition("\n")
        yield title, tuple(_entries(textwrap.dedent(entries)))


def _entries(text: str) -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for line in text.splitlines():
        word, meaning = line[:_WORD_COLUMNS].strip(), line[_WORD_COLUMNS:].strip()
        if word:
            entries.append((word, meaning))
        else:
            entries[-1] = (entries[-1][0], f"{entries[-1][1]} {meaning}")
    return entries
