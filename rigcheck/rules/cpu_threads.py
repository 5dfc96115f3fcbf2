"""Does torch start more threads than there are CPUs for it?"""

from collections.abc import Iterator

from rigcheck.facts import Found, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.rule import Judgement, rule


@rule(
    "cpu-threads-oversubscribed",
    group="cpu",
    needs=("cpu", "torch", "environment"),
    link="https://docs.pytorch.org/docs/stable/notes/multiprocessing.html#avoid-cpu-oversubscription",
)
def cpu_threads_oversubscribed(rig: Rig) -> Iterator[Judgement]:
    """Torch starts more threads than there are logical CPUs that it may run on.

    Each operation ends when the last of its threads does, so threads that share a CPU wait for each
    other all the time. By itself torch starts no more than fit; OMP_NUM_THREADS or
    MKL_NUM_THREADS, often from a job script for another machine, make it. A control group's quota
    is another matter: it is no number of CPUs.
    """
    threads, usable = value_of(rig.torch.threads), value_of(rig.cpu.usable_threads)
    evidence = (
        told("threads that torch starts", rig.torch.threads),
        told("CPUs that may be used", rig.cpu.usable_threads),
        told("physical cores behind them", rig.cpu.usable_cores),
        *_variables(rig),
    )
    if threads is None or usable is None:
        yield skipped("how many threads torch starts, or on how many CPUs, is not known", *evidence)
    elif threads <= usable:
        yield passed(f"torch's {threads} threads have {usable} CPUs", *evidence)
    else:
        yield _oversubscribed(rig, threads, usable, evidence)


def _oversubscribed(
    rig: Rig, threads: int, usable: int, evidence: tuple[Evidence, ...]
) -> Judgement:
    fitting = value_of(rig.cpu.usable_cores) or usable
    by = "".join(f", by {variable.text.partition(':')[0]}" for variable in _variables(rig)[:1])
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"torch starts {threads} threads on {usable} CPUs{by}",
        evidence=evidence,
        remedy=Remedy(
            text="Start a thread for each physical core, in the shell or the job script that sets "
            "it otherwise",
            commands=(f"export OMP_NUM_THREADS={fitting}",),
            verify="rigcheck check --only cpu --only torch --only environment",
        ),
    )


def _variables(rig: Rig) -> tuple[Evidence, ...]:
    """Those that are set."""
    variables = (
        ("OMP_NUM_THREADS", rig.environment.omp_num_threads),
        ("MKL_NUM_THREADS", rig.environment.mkl_num_threads),
    )
    return tuple(told(name, fact) for name, fact in variables if isinstance(fact, Found))
