"""Which GPUs a program gets to see, and under which number."""

from collections.abc import Iterator

from rigcheck.facts import Fact, Found, Gpu, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.gpus import torch_devices
from rigcheck.rules.grounds import Presence, presence
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said

_VARIABLES = (
    "https://docs.nvidia.com/cuda/cuda-programming-guide/05-appendices/environment-variables.html"
)
_NAME = "CUDA_VISIBLE_DEVICES"
_PARTS = ("nvml", "torch", "environment")


@rule(
    "cuda-visible-devices",
    group="environment",
    needs=("host", "pci", *_PARTS),
    link=_VARIABLES,
)
def cuda_visible_devices(rig: Rig) -> Iterator[Judgement]:
    """CUDA_VISIBLE_DEVICES hides GPUs by what it says wrongly, or hides them all.

    It is a list of indices, or beginnings of UUIDs. Set and empty it hides every GPU; the first
    entry that names no GPU hides itself and all that follow. A list that names some of the GPUs
    rightly is a choice and no fault.
    """
    variable = rig.environment.cuda_visible_devices
    gpus = value_of(rig.nvml.gpus) or ()
    evidence = (told(_NAME, _quoted(rig)), *_count(rig, gpus))
    if not isinstance(variable, Found):
        yield _not_set(rig)
        return
    entries = [entry.strip() for entry in variable.value.split(",")]
    seen = _visible(entries, gpus)
    refusals = met(rig, "no-cuda-device", "device-ordinal") if not gpus else ()
    if presence(rig) is Presence.NONE:
        yield skipped("there is no GPU to hide", *evidence)
    elif not seen:
        yield _hides(f"hides every GPU: it is {variable.value!r}", Verdict.FAIL, evidence)
    elif refusals and any(entry not in ("0", "") for entry in entries):
        text = f"is {variable.value!r}, and CUDA finds no GPU by that number"
        yield _hides(text, Verdict.FAIL, (*map(said, refusals), *evidence))
    elif len(seen) < len(entries):
        wrong = entries[len(seen)]
        text = f"names a GPU that is not there ({wrong!r}), which hides it and all after it"
        yield _hides(text, Verdict.WARN, evidence)
    else:
        shown = f"{len(seen)} of {len(gpus)} GPUs" if gpus else f"{len(seen)} GPU(s)"
        yield passed(f"CUDA_VISIBLE_DEVICES shows {shown}", *evidence)


def _quoted(rig: Rig) -> Fact[str]:
    variable = rig.environment.cuda_visible_devices
    if isinstance(variable, Found):
        return Found(repr(variable.value), variable.source)
    return variable


def _count(rig: Rig, gpus: tuple[Gpu, ...]) -> tuple[Evidence, ...]:
    if not isinstance(rig.nvml.gpus, Found):
        return (told("GPUs that the driver tells of", rig.nvml.gpus),)
    return (Evidence(f"GPUs that the driver tells of: {len(gpus)}", rig.nvml.gpus.source),)


def _not_set(rig: Rig) -> Judgement:
    variable = rig.environment.cuda_visible_devices
    if is_known_absent(variable):
        return passed("CUDA_VISIBLE_DEVICES is not set, which hides no GPU", told(_NAME, variable))
    return skipped("whether CUDA_VISIBLE_DEVICES is set is not known", told(_NAME, variable))


def _hides(text: str, verdict: Verdict, evidence: tuple[Evidence, ...]) -> Judgement:
    return Judgement(
        verdict=verdict,
        headline=f"CUDA_VISIBLE_DEVICES {text}",
        evidence=evidence,
        remedy=Remedy(
            text="Take CUDA_VISIBLE_DEVICES out of the environment, also where it is set at login, "
            "or name the GPUs by UUID (nvidia-smi -L lists them)",
            commands=("unset CUDA_VISIBLE_DEVICES", "nvidia-smi -L"),
            verify="rigcheck check --only environment --only torch",
        ),
    )


def _visible(entries: list[str], gpus: tuple[Gpu, ...]) -> list[str]:
    """The entries before the first that names no GPU.

    Where the GPUs are not known, any index and any UUID will do.
    """
    seen: list[str] = []
    for entry in entries:
        if not _names_one(entry, gpus) or entry in seen:
            break
        seen.append(entry)
    return seen


def _names_one(entry: str, gpus: tuple[Gpu, ...]) -> bool:
    if entry.isdecimal():
        return not gpus or int(entry) < len(gpus)
    if entry.startswith("MIG-"):
        return True
    uuids = [value_of(gpu.uuid) for gpu in gpus]
    is_uuid = entry.startswith("GPU-")
    return is_uuid and (
        not gpus or None in uuids or any(u is not None and u.startswith(entry) for u in uuids)
    )


@rule(
    "cuda-visible-devices-set-too-late",
    group="environment",
    needs=("host", *_PARTS),
    link=_VARIABLES,
)
def cuda_visible_devices_set_too_late(rig: Rig) -> Iterator[Judgement]:
    """CUDA_VISIBLE_DEVICES was changed after CUDA had started in the program, and has no effect.

    CUDA reads it once. A script that sets it in os.environ after torch has touched a GPU sees the
    old choice; it shows in a process that has more GPUs than the variable names, and in the error
    `invalid device ordinal` beside a variable that names fewer GPUs than there are.
    """
    variable = rig.environment.cuda_visible_devices
    named = [e for e in (value_of(variable) or "").split(",") if e.strip()]
    devices = torch_devices(rig)
    ordinal = met(rig, "device-ordinal")
    gpus = value_of(rig.nvml.gpus) or ()
    evidence = (told("CUDA_VISIBLE_DEVICES", variable), *map(said, ordinal))
    if not isinstance(variable, Found) or not named:
        yield skipped("CUDA_VISIBLE_DEVICES names no GPUs", told(_NAME, variable))
    elif len(devices) > len(named) or (ordinal and len(named) < len(gpus)):
        yield Judgement(
            verdict=Verdict.WARN,
            headline=f"CUDA_VISIBLE_DEVICES names {len(named)} GPU(s), and the program works with "
            f"{'others' if ordinal else len(devices)}: it was set too late, or devices are "
            "counted from 0 anew",
            evidence=evidence,
            remedy=Remedy(
                text="Set CUDA_VISIBLE_DEVICES before the program starts (or before torch is "
                "imported in it), and count its GPUs from cuda:0 in it",
                commands=(f"CUDA_VISIBLE_DEVICES={','.join(named)} python YOUR_SCRIPT",),
                verify="rigcheck check --only environment --only torch",
            ),
        )
    else:
        yield passed("torch sees no more GPUs than CUDA_VISIBLE_DEVICES names", *evidence)
