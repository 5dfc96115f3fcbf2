"""What stands between the rate that was measured and what the machine could do, in one sentence.

Looked for in this order, the first that the evidence shows: what is wrong with the machine at this
moment (clocks held down, other programs, threads), then what is so by its nature (the data loader,
waits in each step, launches, torch's own operators, the arithmetic itself). Nothing is guessed:
where the evidence is missing or shows none of them, that is said.
"""

from collections.abc import Callable

from rigcheck.bench.bottleneck_grounds import Grounds, evidence_of
from rigcheck.bench.bottleneck_machine import clocks, host_threads, other_programs, page_faults
from rigcheck.bench.bottleneck_tiers import arithmetic, input_pipeline, launches, operators
from rigcheck.bench.bottleneck_waits import waits_as_written, waits_in_memory
from rigcheck.bench.conclusions import Bottleneck, BottleneckKind

_LOOKS: tuple[Callable[[Grounds], Bottleneck | None], ...] = (
    clocks,
    other_programs,
    host_threads,
    page_faults,
    waits_as_written,
    input_pipeline,
    waits_in_memory,
    launches,
    operators,
    arithmetic,
)


def bottleneck(grounds: Grounds) -> Bottleneck:
    """Names it."""
    for look in _LOOKS:
        found = look(grounds)
        if found is not None:
            return found
    return _not_told(grounds)


def _not_told(g: Grounds) -> Bottleneck:
    tiers = {"as-written": g.as_written, "in-memory": g.in_memory, "peak": g.peak}
    missing = [name for name, rate in tiers.items() if rate is None]
    if missing:
        why = f"the evidence lacks the {' and the '.join(missing)} tier"
    else:
        why = "no tier is far below the next, and no ceiling is near"
    return Bottleneck(
        device=g.device,
        kind=BottleneckKind.NOT_TOLD,
        sentence=f"what holds it back cannot be told: {why}",
        evidence=evidence_of(g),
        advice="The full benchmark measures all of it: rigcheck bench --full" if missing else "",
    )
