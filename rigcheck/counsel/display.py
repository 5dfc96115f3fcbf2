"""Whether a desktop shares a GPU with the training."""

from collections.abc import Iterator

from rigcheck.advice import Counsel
from rigcheck.counsel.power import MOBILE
from rigcheck.facts import Found, Gpu, ProcessKind, Rig, value_of
from rigcheck.rules.each_gpu import answering, name_of, subject_of
from rigcheck.rules.places import Place, place_of
from rigcheck.units import bytes_text

_TOPIC = "display"
_WATCHDOG = "A long kernel makes the desktop stutter, and the desktop's memory is lost to training"


def display(rig: Rig) -> Iterator[Counsel]:
    """Headless or not, for each GPU that tells it."""
    told = [gpu for gpu in answering(rig) if isinstance(gpu.display_active, Found)]
    if not told or place_of(rig) is Place.CONTAINER:
        return
    with_desktop = [gpu for gpu in told if value_of(gpu.display_active)]
    sources = tuple(dict.fromkeys(gpu.display_active.source for gpu in told))
    if not with_desktop:
        text = "No desktop is drawn by a GPU here: all of their memory is for training. Keep it so"
        yield Counsel(topic=_TOPIC, text=text, sources=sources)
        return
    drawn = "; ".join(map(_drawn, with_desktop))
    free = [gpu for gpu in told if gpu not in with_desktop]
    yield Counsel(topic=_TOPIC, text=f"{drawn}. {_WATCHDOG}. {_way(rig, free)}", sources=sources)


def _drawn(gpu: Gpu) -> str:
    drawing = [p for p in value_of(gpu.processes) or () if p.kind is ProcessKind.GRAPHICS]
    held = sum(value_of(process.memory_used_bytes) or 0 for process in drawing)
    holds = f", which holds {bytes_text(held)} of it" if held else ""
    return f"The desktop is drawn by {subject_of(gpu)} ({name_of(gpu)}){holds}"


def _way(rig: Rig, free: list[Gpu]) -> str:
    if free:
        names = ", ".join(subject_of(gpu) for gpu in free)
        return f"Train on {names}, which draws none"
    if place_of(rig) is Place.WSL:
        return "Close what draws in Windows (browsers, games) while training"
    if any(MOBILE.search(name_of(gpu)) for gpu in answering(rig)):
        return (
            "Let the processor's own graphics draw the desktop (on Ubuntu: sudo prime-select "
            "on-demand)"
        )
    return (
        "Plug the monitor into the mainboard where the processor has graphics of its own, or train "
        "over SSH with the desktop stopped (sudo systemctl isolate multi-user.target)"
    )
