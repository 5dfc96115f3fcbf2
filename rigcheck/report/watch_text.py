"""How a run was watched, in words: what that cost, and what nobody could see. For text and TUI."""

from collections.abc import Iterator

from rigcheck.bench.result import BenchRun
from rigcheck.facts import Absent, Failed
from rigcheck.monitor.sample import SamplerCost
from rigcheck.report.rows import fact_text

_MS = 1000.0


def watch_sentences(bench: BenchRun) -> Iterator[str]:
    """What there is to say of one run's samples; of most runs only their cost."""
    if bench.sampler_cost is not None:
        yield f"watching cost {cost_text(bench.sampler_cost)}"
    if bench.no_gpus is not None:
        yield no_gpus_text(bench.no_gpus)
    if bench.samples_problem:
        yield f"no more samples came: {bench.samples_problem}"


def cost_text(cost: SamplerCost) -> str:
    """`0.34 % of a core; the GPUs answer in 1.2 ms, in 41 ms with dear meters`."""
    pieces = [f"{share_text(cost)} of a core", *_answer_texts(cost)]
    if cost.missed:
        pieces.append(f"{cost.missed} of {cost.missed + cost.samples} samples missed")
    return "; ".join(pieces)


def share_text(cost: SamplerCost) -> str:
    """`0.34 %`."""
    return f"{cost.cpu_share * 100:.2f} %"


def no_gpus_text(why: Absent | Failed) -> str:
    """`no GPU has meters: not there (libnvidia-ml.so.1: …)`."""
    return f"no GPU has meters: {fact_text('', why)}"


def _answer_texts(cost: SamplerCost) -> Iterator[str]:
    told = [
        f"in {seconds * _MS:.1f} ms{which}"
        for seconds, which in ((cost.gpu_read_s, ""), (cost.gpu_dear_read_s, " with dear meters"))
        if seconds is not None
    ]
    if told:
        yield f"the GPUs answer {', '.join(told)}"
