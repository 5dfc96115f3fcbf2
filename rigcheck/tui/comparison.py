"""Two runs side by side, as a table of their devices' rates; knows nothing of files."""

from collections.abc import Iterator

from textual.content import Content

from rigcheck.bench.result import Rate
from rigcheck.report.kept_runs import KeptDevice, KeptRun
from rigcheck.tui.layout import column, hanging, styled
from rigcheck.tui.look import FAINT, STRONG
from rigcheck.units import rate_text

_LABEL_COLUMNS = 8


def comparison(before: KeptRun, after: KeptRun, n_columns: int) -> Content:
    """What each device trained then and now, and whether the two differ for certain."""
    return Content("\n").join(_lines(before, after, n_columns))


def _lines(before: KeptRun, after: KeptRun, n_columns: int) -> Iterator[Content]:
    yield from styled("images/s in memory, with the 95 % interval", STRONG).wrap(n_columns)
    yield from styled(f"then: {before.when}", FAINT).wrap(n_columns)
    yield from styled(f"now:  {after.when}", FAINT).wrap(n_columns)
    yield Content("")
    pairs = list(_pairs(before.devices, after.devices))
    if not pairs:
        yield from styled("neither run has measured a device").wrap(n_columns)
    for then, now in pairs:
        device = now or then
        if device is None:
            continue
        label = styled(column(device.label, _LABEL_COLUMNS), STRONG)
        yield from hanging(label, styled(device.name), n_columns, _LABEL_COLUMNS + 1)
        rates = (then.rate if then else None), (now.rate if now else None)
        for word, rate in zip(("then", "now"), rates, strict=True):
            yield from hanging(
                styled(f"  {word}", FAINT), styled(_rate_text(rate)), n_columns, _LABEL_COLUMNS + 1
            )
        verdict = styled(difference_text(*rates), STRONG)
        yield from hanging(styled("  so", FAINT), verdict, n_columns, _LABEL_COLUMNS + 1)


def difference_text(then: Rate | None, now: Rate | None) -> str:
    """In words, whether the rate has changed; overlapping intervals say nothing for certain."""
    if then is None or now is None:
        return "not measured in both"
    times = f"{now.images_per_s / then.images_per_s:.2f}× the speed of then"
    if then.high_images_per_s < now.low_images_per_s:
        return f"faster: {times}"
    if now.high_images_per_s < then.low_images_per_s:
        return f"slower: {times}"
    return f"no certain difference: {times}, and the intervals overlap"


def _pairs(
    before: tuple[KeptDevice, ...], after: tuple[KeptDevice, ...]
) -> Iterator[tuple[KeptDevice | None, KeptDevice | None]]:
    """By identity (UUID, else PCI bus id); the CPU, which has none, by its name."""
    then = {_key(device): device for device in before}
    now = {_key(device): device for device in after}
    for key in dict.fromkeys((*then, *now)):
        yield then.get(key), now.get(key)


def _key(device: KeptDevice) -> tuple[str, str]:
    return (device.identity, "") if device.identity else (device.label, device.name)


def _rate_text(rate: Rate | None) -> str:
    if rate is None:
        return "not measured"
    low, high = rate_text(rate.low_images_per_s), rate_text(rate.high_images_per_s)
    return f"{rate_text(rate.images_per_s)} ({low}–{high}), {rate.blocks} blocks"
