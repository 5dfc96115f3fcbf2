"""Limits of power and clocks under load, those that somebody set and those of the supply."""

from rigcheck.facts import value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed
from rigcheck.rules.rule import Judgement
from rigcheck.rules.watched import Watched, reasons

_MOST = 0.5
_LOWERED = 0.95
_SLOW_CLOCK = 0.9


def judge_cap(seen: Watched) -> Judgement:
    """A limit that somebody set, of power or of clocks, holds the card back under load.

    The power cap is normal at the card's own limit; told is one that lies below it, or clocks that
    were set and stay a tenth below the highest, in half of the samples or more.
    """
    limit, default = (
        value_of(seen.gpu.power_limit_enforced_w),
        value_of(seen.gpu.power_limit_default_w),
    )
    evidence = (*reasons(seen), *_limits(limit, default))
    is_lowered = limit is not None and default is not None and limit < default * _LOWERED
    if is_lowered and seen.share("power cap") >= _MOST:
        return _capped(
            f"a power limit of {limit:.0f} W, below the card's own {default:.0f} W, holds it back",
            evidence,
            f"sudo nvidia-smi -i {seen.gpu.index} -pl {default:.0f}",
        )
    clock, fastest = seen.changes.sm_clock_max_mhz, value_of(seen.gpu.sm_clock_max_mhz)
    is_slow = clock is not None and fastest is not None and clock < fastest * _SLOW_CLOCK
    if is_slow and seen.share("application clocks") >= _MOST:
        return _capped(
            f"clocks that somebody set ({clock:.0f} of {fastest} MHz) hold the GPU back",
            evidence,
            f"sudo nvidia-smi -i {seen.gpu.index} -rgc",
            f"sudo nvidia-smi -i {seen.gpu.index} -rac",
        )
    return passed("no limit below the card's own holds it back", *evidence)


def _capped(headline: str, evidence: tuple[Evidence, ...], *commands: str) -> Judgement:
    return Judgement(
        verdict=Verdict.WARN,
        headline=headline,
        evidence=evidence,
        remedy=Remedy(
            text="If it was not set on purpose (heat, noise, the power supply), take it back",
            commands=commands,
            verify="rigcheck bench",
        ),
    )


def _limits(limit: float | None, default: float | None) -> tuple[Evidence, ...]:
    if limit is None or default is None:
        return ()
    return (Evidence(f"power limit: {limit:.0f} W, the card's own {default:.0f} W", "NVML"),)


def judge_brake(seen: Watched) -> Judgement:
    """The power supply or its cables told the card to slow down: the hardware's power brake.

    One sample of it under load is enough for a warning, several are a fault; a laptop brakes on its
    battery, so that there it stays a warning.
    """
    share = seen.share("power brake")
    if not share:
        return passed("the power supply did not slow the card down", *reasons(seen))
    # A laptop on its battery, and a single sample, are no proof of a bad supply.
    is_single = round(share * seen.changes.samples_under_load) <= 1
    return Judgement(
        verdict=Verdict.WARN if seen.is_laptop or is_single else Verdict.FAIL,
        headline="the power supply or its cables make the card slow down (power brake)",
        evidence=reasons(seen),
        remedy=Remedy(
            text="Plug in a laptop's own charger. Else give the card a cable of its own for each "
            "of its plugs, straight from the power supply, and see whether the supply is strong "
            "enough for the whole machine; until then lower the power limit",
            commands=(f"sudo nvidia-smi -i {seen.gpu.index} -pl WATTS",),
            verify="rigcheck bench",
        ),
    )
