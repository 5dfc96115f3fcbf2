"""How much of a training step waits for data, as training programs log it.

```
Epoch: [0][10/5005]  Time 7.508 (7.612)  Data 7.070 (7.201)  Loss 6.97
eta: 1 day  iter: 19  total_loss: 5.1  time: 0.9310  data_time: 0.8101
```
Source of the forms: pytorch/examples imagenet/main.py; detectron2 and mmengine hooks.
"""

import itertools
import re
import statistics
from collections.abc import Iterator

from rigcheck.facts import Found, Rig, Symptom, Symptoms
from rigcheck.ingest.text import Text

_SECONDS = r"(\d{1,4}\.\d{1,6})"
_METER = re.compile(
    rf"\bTime[ \t]{{1,8}}{_SECONDS}(?: s)?[^\n]{{0,60}}?\bData[ \t]{{1,8}}{_SECONDS}", re.IGNORECASE
)
_LOGGED = re.compile(
    rf"(?<![\w_])time: {{1,4}}{_SECONDS}(?: s)?[^\n]{{0,80}}?\bdata_time: {{1,4}}{_SECONDS}"
)
_STEP = re.compile(
    rf"\b(?:step|batch|iter(?:ation)?)[ _](?:seconds|time)(?: \(s\))?[:= ]{{1,4}}{_SECONDS}"
)
_DATA = re.compile(
    r"\bdata[ _](?:loading[ _])?(?:seconds(?:[ _]per[ _]step)?|time)(?: \(s\))?[:= ]{1,4}"
    + _SECONDS
)
_MOST = 500
_MOSTLY = 0.5
"""Of the step: the GPU then rests longer than it works."""


def parse_step_times(text: Text) -> Rig:
    """A symptom where the middle one of the steps waits for data most of its time."""
    steps = list(_steps(text))
    # The first step starts the workers, and is slow on every machine.
    shares = [data / step for step, data, _ in (steps[1:] or steps) if step > 0]
    if not shares or not _MOSTLY <= statistics.median(shares) <= 1:
        return Rig()
    share = statistics.median(shares)
    source = steps[-1][2]
    words = f"the GPU waits for the data loader in {share:.0%} of a step's time"
    seen = (Symptom(name="waits-for-data", text=words, source=source),)
    return Rig(symptoms=Symptoms(seen=Found(seen, source)))


def _steps(text: Text) -> Iterator[tuple[float, float, str]]:
    """Seconds of a step, seconds of them for data, and where it stands."""
    if text.has("Data", "data_time"):
        for pattern in (_METER, _LOGGED):
            for match in itertools.islice(pattern.finditer(text.content), _MOST):
                yield float(match[1]), float(match[2]), text.source(*match.span())
    step = next(text.search_near("step_seconds", _STEP, after=20), None)
    data = next(text.search_near("data_seconds", _DATA, after=40), None)
    if step and data:
        yield float(step[1]), float(data[1]), text.source(*data.span())
