import msgspec

from rigcheck.compare.news import NewsKind, news
from rigcheck.facts import Absent, Cpu, Found, Gpu, Host, Nvml, Reason, Rig, Torch
from rigcheck.findings import Finding, Verdict

WRONG = Finding(id="driver-too-old", verdict=Verdict.FAIL, headline="too old", group="driver")
OTHER = Finding(id="shm-too-small", verdict=Verdict.WARN, headline="small", group="memory")


def as_verdict(verdict: Verdict) -> Finding:
    return msgspec.structs.replace(WRONG, verdict=verdict)


def of_findings(before: tuple[Finding, ...], now: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(change.kind.value, change.text) for change in news(Rig(), before, Rig(), now)]


def of_facts(before: Rig, now: Rig) -> list[str]:
    told = news(before, (), now, ())
    assert all(change.kind is NewsKind.FACT for change in told)
    return [change.text for change in told]


def kernel(release: str) -> Rig:
    return Rig(host=Host(kernel_release=Found(release, "uname")))


def test_the_same_machine_twice_has_not_changed() -> None:
    assert of_findings((WRONG, OTHER), (OTHER, WRONG)) == []
    assert of_facts(kernel("6.8"), kernel("6.8")) == []


def test_new_and_gone_findings_are_told_apart() -> None:
    assert of_findings((WRONG,), (OTHER,)) == [("new", "small"), ("gone", "too old")]


def test_a_finding_that_passes_now_is_gone_and_one_that_could_not_be_told_is_not() -> None:
    assert of_findings((WRONG,), (as_verdict(Verdict.PASS),)) == [("gone", "too old")]
    assert of_findings((WRONG,), (as_verdict(Verdict.UNKNOWN),)) == []


def test_a_finding_that_was_not_wrong_before_is_new() -> None:
    for before in (Verdict.PASS, Verdict.UNKNOWN, Verdict.SKIP):
        assert of_findings((as_verdict(before),), (WRONG,)) == [("new", "too old")]


def test_the_same_finding_of_another_gpu_is_another() -> None:
    of_gpu_1 = msgspec.structs.replace(WRONG, subject="GPU 1")
    assert len(of_findings((WRONG,), (of_gpu_1,))) == 2


def test_a_fact_that_changed_is_told_with_both_values() -> None:
    assert of_facts(kernel("6.8"), kernel("6.9")) == ["host kernel release  6.8 → 6.9"]


def test_what_was_not_there_and_now_is_has_changed() -> None:
    without = Rig(torch=Torch(version=Absent(Reason.NOT_THERE, "py")))
    with_torch = Rig(torch=Torch(version=Found("2.5.1", "py")))
    assert of_facts(without, with_torch) == ["torch version  not there → 2.5.1"]


def test_what_was_not_asked_or_not_allowed_says_nothing_of_a_change() -> None:
    for untold in (Rig(), Rig(cpu=Cpu(model=Absent(Reason.NO_PERMISSION, "x")))):
        known = Rig(cpu=Cpu(model=Found("Athlon", "x")))
        assert of_facts(untold, known) == []
        assert of_facts(known, untold) == []


def test_gpus_are_told_by_name_and_not_by_what_moves() -> None:
    def with_gpus(*names: str, power_w: float = 10.0) -> Rig:
        gpus = tuple(
            Gpu(index=i, name=Found(name, "NVML"), power_w=Found(power_w, "NVML"))
            for i, name in enumerate(names)
        )
        return Rig(nvml=Nvml(gpus=Found(gpus, "NVML")))

    assert of_facts(with_gpus("GTX 960"), with_gpus("GTX 960", power_w=90.0)) == []
    assert of_facts(with_gpus("GTX 960"), with_gpus("GTX 960", "RTX 3060")) == [
        "GPU 1: GPU  not there → RTX 3060"
    ]


def test_a_hostile_name_stays_harmless() -> None:
    told = of_facts(kernel("6.8"), kernel("\x1b[2J"))
    assert told == ["host kernel release  6.8 → \\x1b[2J"]
