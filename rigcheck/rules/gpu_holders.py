"""Who holds each GPU's memory before we begin: other programs, and the desktop."""

from collections.abc import Iterator

from rigcheck.facts import Found, Gpu, GpuProcess, ProcessKind, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.each_gpu import answering, subject_of, without_answering_gpu
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.rule import Judgement, rule
from rigcheck.units import bytes_text

_GIB = 1024**3
# A CUDA context alone, as of the torch that is asked meanwhile, holds up to some 600 MB.
_MUCH_BYTES = _GIB
_MUCH_SHARE = 0.1
_HIDDEN_SHARE = 0.25
_DISPLAY_SHARE = 0.2


@rule(
    "gpu-memory-held-by-others",
    group="nvml",
    needs=("host", "nvml"),
    link="https://pytorch.org/docs/stable/notes/faq.html#my-gpu-memory-isn-t-freed-properly",
)
def gpu_memory_held_by_others(rig: Rig) -> Iterator[Judgement]:
    """Other programs hold a good part of a GPU's memory, so training may run out of it.

    The driver lists who computes on the card and what each holds. Memory that is taken and that no
    process in the list holds counts too, where no display explains it: by a program of another
    container, or one that died badly. A desktop's own share is judged apart.
    """
    for gpu in answering(rig):
        yield _judge_holders(rig, gpu)
    yield from filter(None, [without_answering_gpu(rig)])


def _judge_holders(rig: Rig, gpu: Gpu) -> Judgement:
    total, used = value_of(gpu.memory_total_bytes), value_of(gpu.memory_used_bytes)
    subject = subject_of(gpu)
    if total is None or value_of(gpu.memory_is_unified) or value_of(gpu.mig_enabled):
        return skipped("its memory is not a card's own and whole", subject=subject)
    holders = _holders(gpu)
    held = sum(value_of(holder.memory_used_bytes) or 0 for holder in holders)
    if held >= max(_MUCH_BYTES, total * _MUCH_SHARE):
        return _held(gpu, held, total, holders)
    if not holders and used is not None and used >= total * _HIDDEN_SHARE and _hides(rig, gpu):
        return _held(gpu, used, total, ())
    seen = (told("memory used, bytes", gpu.memory_used_bytes), told("of", gpu.memory_total_bytes))
    return passed("no other program holds much of its memory", *seen, subject=subject)


def _holders(gpu: Gpu) -> tuple[GpuProcess, ...]:
    return tuple(
        process
        for process in value_of(gpu.processes) or ()
        if process.kind is not ProcessKind.GRAPHICS
    )


def _hides(rig: Rig, gpu: Gpu) -> bool:
    """Under WSL Windows itself holds what it likes; a display holds memory and is shown.

    Where nobody listed the processes, as in a pasted table, the memory may well be the user's own.
    """
    if not isinstance(gpu.processes, Found):
        return False
    has_display = value_of(gpu.display_active) or value_of(gpu.display_attached)
    return place_of(rig) is not Place.WSL and not has_display


def _held(gpu: Gpu, held: int, total: int, holders: tuple[GpuProcess, ...]) -> Judgement:
    who = f"{len(holders)} other programs hold" if len(holders) > 1 else "another program holds"
    whom = who if holders else "something that the driver does not list here holds"
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{whom} {bytes_text(held)} of {subject_of(gpu)}'s {bytes_text(total)}",
        evidence=(
            told("memory used, bytes", gpu.memory_used_bytes),
            *(Evidence(_process_text(p), gpu.processes.source) for p in holders),
        ),
        remedy=Remedy(
            text="See whose they are, and end those that are left over (a notebook's kernel holds "
            "its memory until it is shut down). In a container, look on the host",
            commands=("nvidia-smi", "sudo fuser -v /dev/nvidia*"),
            verify="rigcheck check --only nvml",
        ),
        subject=subject_of(gpu),
    )


def _process_text(process: GpuProcess) -> str:
    name = value_of(process.name)
    called = f" ({name})" if name else ""
    held = value_of(process.memory_used_bytes)
    size = bytes_text(held) if held is not None else "an unknown part"
    return f"process {process.pid}{called}, {process.kind.value}: {size}"


@rule(
    "display-on-compute-gpu",
    group="nvml",
    needs=("host", "nvml"),
    link="https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceQueries.html",
)
def display_on_compute_gpu(rig: Rig) -> Iterator[Judgement]:
    """The desktop holds a fifth or more of a GPU's memory, which training then lacks.

    The driver tells whether a display server is on the card and what each program that draws
    holds. A desktop with room to spare is no fault.
    """
    for gpu in answering(rig):
        yield _judge_display(gpu)
    yield from filter(None, [without_answering_gpu(rig)])


def _judge_display(gpu: Gpu) -> Judgement:
    active, total = gpu.display_active, value_of(gpu.memory_total_bytes)
    subject = subject_of(gpu)
    drawing = [p for p in value_of(gpu.processes) or () if p.kind is ProcessKind.GRAPHICS]
    held = sum(value_of(process.memory_used_bytes) or 0 for process in drawing)
    shown = told("display active", active)
    if not isinstance(active, Found):
        return skipped("whether a display is on it is not told", shown, subject=subject)
    if not active.value:
        return passed("no display is on it", shown, subject=subject)
    size = Evidence(f"held by programs that draw: {bytes_text(held)}", gpu.processes.source)
    if total is None or value_of(gpu.memory_is_unified) or held < total * _DISPLAY_SHARE:
        return passed(f"the display takes {bytes_text(held)}", shown, size, subject=subject)
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"the desktop holds {bytes_text(held)} of {subject}'s {bytes_text(total)}",
        evidence=(shown, size),
        remedy=Remedy(
            text="Plug the monitor into the mainboard where the processor has graphics of its own, "
            "or train without the desktop, over SSH (`graphical.target` brings it back)",
            commands=("sudo systemctl isolate multi-user.target",),
            verify="rigcheck check --only nvml",
        ),
        subject=subject,
    )
