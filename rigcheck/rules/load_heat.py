"""Heat and fans under load."""

from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped
from rigcheck.rules.rule import Judgement
from rigcheck.rules.watched import SOURCE, Watched, reasons

_THERMAL_SHARE = 0.2
# Cards stop their fans below some 60 °C and start them well before this.
_FAN_NEEDED_C = 75.0
_FAN_SAMPLES = 2


def judge_heat(seen: Watched) -> Judgement:
    """Heat slowed the card down under load.

    The hardware's slowdown is a fault whenever it is seen, the driver's is warned of in a fifth of
    the samples or more.
    """
    by_hardware = seen.share("hardware thermal slowdown")
    by_driver = seen.share("software thermal slowdown")
    hottest = seen.changes.temperature_max_c
    evidence = (
        *reasons(seen),
        *([Evidence(f"hottest: {hottest:.0f} °C", SOURCE)] if hottest is not None else []),
    )
    if not by_hardware and by_driver < _THERMAL_SHARE:
        return passed("heat did not slow the card down", *evidence)
    share = max(by_hardware, by_driver)
    return Judgement(
        verdict=Verdict.FAIL if by_hardware else Verdict.WARN,
        headline=f"heat slowed the card down in {share:.0%} of the time under load",
        evidence=evidence,
        remedy=Remedy(
            text="Clean the fans and filters, see that each fan turns and that air reaches the "
            "card; fresh thermal paste and pads help an old one. Until then lower the power limit",
            commands=(f"nvidia-smi -i {seen.gpu.index} -q -d TEMPERATURE,PERFORMANCE",),
            verify="rigcheck bench",
        ),
    )


def judge_fan(seen: Watched) -> Judgement:
    """The fans stand still although the card is hot.

    Cards stop them below some 60 °C and start them well before 75 °C, where it is judged. A blocked
    fan still tells the speed that it should have.
    """
    told = [r for r in seen.readings if r.fan_percent is not None and r.temperature_c is not None]
    hot = [r for r in told if (r.temperature_c or 0.0) >= _FAN_NEEDED_C]
    evidence = tuple(
        Evidence(f"fan {r.fan_percent:.0f} % at {r.temperature_c:.0f} °C", SOURCE)
        for r in told[-1:]
    )
    if not told:
        return skipped("the card tells of no fan")
    if len(hot) < _FAN_SAMPLES or any(r.fan_percent for r in hot):
        return passed("the fans follow the heat", *evidence)
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"the fans stand still at {max(r.temperature_c or 0.0 for r in hot):.0f} °C",
        evidence=evidence,
        remedy=Remedy(
            text="Give the fans back to the card's own control, and see whether they turn; one "
            "that does not is to be replaced",
            commands=(f"nvidia-settings -a '[gpu:{seen.gpu.index}]/GPUFanControlState=0'",),
            verify="rigcheck bench",
        ),
    )
