"""What holds a GPU's clocks back at the moment of the check: a limit, heat, or the power supply.

One reading of a card at work, the user's own or a pasted one, judged more mildly than a whole
benchmark (`under_load`). A card at rest is held back by nothing but its rest.
"""

from collections.abc import Iterator

from rigcheck.facts import Found, Gpu, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import gpu_specs
from rigcheck.rules.each_gpu import answering, name_of, subject_of, without_answering_gpu
from rigcheck.rules.evidence import from_table, passed, skipped, told
from rigcheck.rules.rule import Judgement, rule

_LINK = "https://docs.nvidia.com/deploy/nvml-api/group__nvmlClocksEventReasons.html"
_LOWERED = 0.95
_AT_LIMIT = 0.9
_SLOW_CLOCK = 0.9
_LEFT_OUT = ("", "NVIDIA ", "NVIDIA GeForce ", "GeForce ")
"""What people leave out of a card's name."""
_REASONS = "nvidia-smi -q -d PERFORMANCE,POWER,CLOCK,TEMPERATURE"


@rule("power-or-clock-capped", group="nvml", needs=("nvml",), link=_LINK)
def power_or_clock_capped(rig: Rig) -> Iterator[Judgement]:
    """A power limit below the card's own, or clocks that somebody set, hold a working GPU back.

    That the power cap is active is normal under load, as long as the limit is the card's own: the
    driver tells that one, else the table of cards for its name. A lowered limit on a card at rest
    costs nothing, and on a laptop the machine sets it. Some set it on purpose, for heat and noise.
    """
    nothing = without_answering_gpu(rig)
    if nothing is not None:
        yield nothing
    for gpu in answering(rig):
        yield _judge_cap(gpu)


def _judge_cap(gpu: Gpu) -> Judgement:
    reasons, own = gpu.clocks_event_reasons, _own_limit_w(gpu)
    limit = value_of(gpu.power_limit_enforced_w) or value_of(gpu.power_limit_w)
    evidence = (
        told(f"{subject_of(gpu)}: what holds its clocks", reasons),
        told("power in W", gpu.power_w),
        told("power limit in W", gpu.power_limit_w),
        *([own[1]] if own else []),
    )
    if not isinstance(reasons, Found) or "Laptop" in name_of(gpu):
        return skipped(f"what holds {name_of(gpu)} back is not told", subject=subject_of(gpu))
    is_lowered = own is not None and limit is not None and limit < own[0] * _LOWERED
    if own and limit and is_lowered and _is_at(gpu, limit) and "power cap" in reasons.value:
        return _capped(
            gpu,
            f"a power limit of {limit:.0f} W, below the card's own {own[0]:.0f} W, holds",
            evidence,
            f"sudo nvidia-smi -i {gpu.index} -pl {own[0]:.0f}",
        )
    clock, fastest = value_of(gpu.sm_clock_mhz), value_of(gpu.sm_clock_max_mhz)
    is_set = "application clocks" in reasons.value and "idle" not in reasons.value
    if is_set and clock and fastest and clock < fastest * _SLOW_CLOCK:
        return _capped(
            gpu,
            f"clocks that somebody set, {clock} of {fastest} MHz, hold",
            evidence,
            f"sudo nvidia-smi -i {gpu.index} -rgc",
            f"sudo nvidia-smi -i {gpu.index} -rac",
        )
    headline = f"no limit below its own holds {name_of(gpu)} back"
    return passed(headline, *evidence, subject=subject_of(gpu))


def _is_at(gpu: Gpu, limit_w: float) -> bool:
    """It draws what it may; of a card whose power is not told, the reason alone says so."""
    power = value_of(gpu.power_w)
    return power is None or power >= limit_w * _AT_LIMIT


def _own_limit_w(gpu: Gpu) -> tuple[float, Evidence] | None:
    """As the card tells, else the least that cards of its name are sold with."""
    if isinstance(gpu.power_limit_default_w, Found):
        return gpu.power_limit_default_w.value, told("its own in W", gpu.power_limit_default_w)
    name = value_of(gpu.name) or ""
    rows = [row for before in _LEFT_OUT for row in gpu_specs.specs_of(before + name)]
    row = min(rows, key=lambda row: row.tdp_w, default=None)
    return (row.tdp_w, from_table(f"{row.model}: {row.tdp_w} W", row)) if row else None


def _capped(gpu: Gpu, why: str, evidence: tuple[Evidence, ...], *commands: str) -> Judgement:
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{why} {name_of(gpu)} back",
        evidence=evidence,
        remedy=Remedy(
            text="If it was not set on purpose (heat, noise, the power supply), take the power "
            "limit or the clocks back to the card's own",
            commands=commands,
            verify=_REASONS,
        ),
        subject=subject_of(gpu),
    )


@rule("thermal-throttle", group="nvml", needs=("nvml",), link=_LINK)
def thermal_throttle(rig: Rig) -> Iterator[Judgement]:
    """Heat holds a GPU's clocks back at this moment: the driver's limit, or the hardware's own.

    The driver names it among the reasons for lower clocks. One reading is no proof of a card that
    is too hot for long: the benchmark watches it for a whole run.
    """
    yield from _judge_reasons(
        rig,
        ("software thermal slowdown", "hardware thermal slowdown"),
        "heat slows {} down",
        "Clean the fans and filters, see that each fan turns and that air reaches the card; fresh "
        "thermal paste and pads help an old one. Until then lower the power limit",
    )


@rule("power-brake", group="nvml", needs=("nvml",), link=_LINK)
def power_brake(rig: Rig) -> Iterator[Judgement]:
    """The power supply, or a laptop's charger, tells a GPU at this moment to slow down.

    The driver names it among the reasons for lower clocks (hardware power brake). A supply that is
    too weak, a cable shared by two plugs or a laptop on its battery do it.
    """
    yield from _judge_reasons(
        rig,
        ("power brake",),
        "the power supply or its cables make {} slow down (power brake)",
        "Plug in a laptop's own charger. Else give the card a cable of its own for each of its "
        "plugs, straight from the power supply, and see whether the supply is strong enough",
    )


def _judge_reasons(
    rig: Rig, bad: tuple[str, ...], headline: str, advice: str
) -> Iterator[Judgement]:
    nothing = without_answering_gpu(rig)
    if nothing is not None:
        yield nothing
    for gpu in answering(rig):
        reasons, subject = gpu.clocks_event_reasons, subject_of(gpu)
        evidence = (told(f"{subject}: what holds its clocks", reasons),)
        if not isinstance(reasons, Found):
            yield skipped(f"what holds {name_of(gpu)} back is not told", subject=subject)
        elif set(bad).isdisjoint(reasons.value):
            yield passed(f"not so for {name_of(gpu)}", *evidence, subject=subject)
        else:
            yield Judgement(
                verdict=Verdict.WARN,
                headline=headline.format(name_of(gpu)),
                evidence=(*evidence, told("temperature in °C", gpu.temperature_c)),
                remedy=Remedy(text=advice, verify=_REASONS),
                subject=subject,
            )
