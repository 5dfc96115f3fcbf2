"""How much of a training step waits for data, as training programs log it.

```
Epoch: [0][10/5005]  Time 7.508 (7.612)  Data 7.070 (7.201)  Loss 6.97
eta: 1 day  iter: 19  total_loss: 5.1  time: 0.9310  data_time: 0.8101
```
Source of the forms: pytorch/examples imagenet/main.py; detectron2 and mmengine hooks.
"""

import itertools
import re
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
_UTILITY = r"gpu[- ]?(?:util\w{0,8}|usage|utility)"
_RESTS = re.compile(
    rf"{_UTILITY}[^.\n]{{0,60}}?(?:\blow|\b0 ?%|\bzero|\bis 0\b|fluctuat|not stable)"
    rf"|(?:\blow|\bzero|\b0 ?%)[^.\n]{{0,30}}?{_UTILITY}"
    r"|GPUs? (?:is|are|stays?|sits?) (?:mostly )?idle",
    re.IGNORECASE,
)
_LOADER = r"(?:data ?-?loader|data[- ]?loading|loading (?:of )?(?:the )?data|load data)"
_IS_SLOW = r"(?:bottleneck|slow|most of the|\d\d ?%|too much time|takes? (?:a )?long)"
_LOADS = re.compile(
    rf"{_LOADER}[^.\n]{{0,80}}?{_IS_SLOW}"
    rf"|(?:bottleneck|slow|\d\d ?% of)[^.\n]{{0,60}}?{_LOADER}|wait(?:s|ing)? for (?:the )?data\b",
    re.IGNORECASE,
)
_MOST_CHARACTERS = 65_536
_MOST = 500
_MOSTLY = 0.5
"""Of the step: the GPU then rests longer than it works."""


def parse_step_times(text: Text) -> Rig:
    """A symptom where training waits for data most of its time, by its log or its user's words."""
    steps = list(_steps(text))
    # The first step starts the workers, and is slow on every machine.
    counted = [s for s in (steps[1:] or steps) if s[0] > 0 and s[1] <= s[0]]
    waits = [data for step, data, _ in counted if data >= step * _MOSTLY]
    share = sum(data for _, data, _ in counted) / max(sum(step for step, _, _ in counted), 1e-9)
    if waits and share >= _MOSTLY and (len(waits) > 1 or len(counted) == 1):
        return _waits(f"GPU waits for the data loader, {share:.0%} of the time", steps[-1][2])
    return _told(text)


def _told(text: Text) -> Rig:
    """Both are said: the GPU rests, and the loading of data is slow."""
    if not text.has("GPU", "gpu"):
        return Rig()
    written = text.content[:_MOST_CHARACTERS]
    rests, loads = _RESTS.search(written), _LOADS.search(written)
    if rests is None or loads is None:
        return Rig()
    words = " ".join(f"{rests.group()} … {loads.group()}".split())
    return _waits(words, text.source(*loads.span()))


def _waits(words: str, source: str) -> Rig:
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
