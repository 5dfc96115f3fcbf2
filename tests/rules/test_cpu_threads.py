from typing import Any

import msgspec
import pytest

from rigcheck.facts import Cpu, Environment, Rig
from rigcheck.findings import Verdict
from tests.rules.rigs import finding_of, found, no_torch, rtx_4090, torch

ID = "cpu-threads-oversubscribed"


def rig(threads: int, usable: int, **variables: Any) -> Rig:
    return rtx_4090(
        cpu=Cpu(usable_threads=found(usable), usable_cores=found(max(1, usable // 2))),
        torch=msgspec.structs.replace(torch(), threads=found(threads)),
        environment=Environment(**variables),
    )


def test_a_job_scripts_threads_on_a_smaller_machine_are_told() -> None:
    finding = finding_of(rig(64, 8, omp_num_threads=found("64")), ID)
    assert finding.verdict is Verdict.WARN
    assert finding.headline == "torch starts 64 threads on 8 CPUs, by OMP_NUM_THREADS"
    assert finding.remedy is not None
    assert finding.remedy.commands == ("export OMP_NUM_THREADS=4",)


def test_more_threads_are_told_where_no_variable_says_why() -> None:
    assert finding_of(rig(9, 8), ID).headline == "torch starts 9 threads on 8 CPUs"


@pytest.mark.parametrize("threads", [1, 4, 8])
def test_threads_that_fit_pass_whoever_chose_them(threads: int) -> None:
    assert finding_of(rig(threads, 8, omp_num_threads=found(str(threads))), ID).verdict is (
        Verdict.PASS
    )


def test_without_torch_nothing_is_told() -> None:
    assert finding_of(rtx_4090(torch=no_torch()), ID).verdict is Verdict.SKIP


def test_a_quota_that_is_used_up_follows_from_it() -> None:
    limited = rig(64, 8, omp_num_threads=found("64"))
    cpu = msgspec.structs.replace(limited.cpu, quota_cpus=found(4.0))
    finding = finding_of(msgspec.structs.replace(limited, cpu=cpu), "cgroup-limits-cpu")
    assert (finding.verdict, finding.caused_by) == (Verdict.WARN, ID)
