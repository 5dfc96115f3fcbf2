"""What the help screen says."""

import textwrap

_TEXT = """\
Keys everywhere
  ?                this help
  c                copy the remedy's commands to the clipboard of your terminal, also over SSH
                   where the terminal takes OSC 52 (in tmux: set -g set-clipboard on)
  q  Ctrl-C        quit; what was measured stays, no process is left behind

Keys of the check
  ↑ ↓  j k         choose a group
  Enter  →         to its details, which scroll with ↑ ↓ PgUp PgDn; back with Esc or ←
  Tab              between the groups and the details
  r                check again
  b                benchmark

Keys of the benchmark
  1 … 9  [ ]  ↑ ↓  choose the device whose meters are plotted
  m                choose the meter: busy, power, memory, temperature
  x                stop; what was measured so far stays
  s  Enter         start again
  b  Esc           back to the check; the training goes on

Verdicts
  ✓ pass           looked at and fine
  ! warn           works, but will cost speed, safety or trouble
  ✗ fail           does not work; the box on top names the one cause to mend first
  ? unknown        could not be told; the details say why, and what would tell
  · skip           does not apply to this machine, or nothing judges it
  follows          the consequence of another finding: mend that one and look again

Figures of the benchmark
  images/s         training images a second: forward, backward and update, with the data already
                   in memory. The median of short blocks, at whose ends the device was waited for
  ±, interval      95 % interval of that median, from resampling the blocks
  loss             cross-entropy an image, mean of the newest block; NaN: no longer a number
  accuracy         share of images told right. test: of the test images, after training;
                   train: of the training images, while learning
  … times as fast  ratio of two rates, with its 95 % interval in parentheses
  CPU              share of the time of all CPUs in which they worked, since the reading before
  busiest core     the same of the one CPU that worked most
  GPU busy         share of time in which at least one kernel was running, over the driver's last
                   sample period (1/6 s to 1 s). 100 % does not mean that the GPU is full: one
                   small kernel after another gives it, too
  memory used      CPU: main memory that is not free for others; GPU: allocated, without the
                   driver's own reserve. 1 GiB is 1024³ bytes
  power            of the whole board; on newer GPUs the mean of a second
  temperature      of the GPU's core
  a gap in a line  nothing was measured then; a gap is not zero
"""
_WORD_COLUMNS = 17


def sections() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Titles, each with its words and what they mean."""
    told = []
    for block in _TEXT.split("\n\n"):
        title, _, entries = block.partition("\n")
        told.append((title, tuple(_entries(textwrap.dedent(entries)))))
    return tuple(told)


def _entries(text: str) -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for line in text.splitlines():
        word, meaning = line[:_WORD_COLUMNS].strip(), line[_WORD_COLUMNS:].strip()
        if word:
            entries.append((word, meaning))
        else:
            entries[-1] = (entries[-1][0], f"{entries[-1][1]} {meaning}")
    return entries
