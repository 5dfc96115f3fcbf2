"""Symptoms that take more than a known error text: hangs of copies, waits for data."""

import pytest

from rigcheck.facts import Rig, value_of
from rigcheck.ingest.peer_copies import parse_peer_copies
from rigcheck.ingest.step_times import parse_step_times
from rigcheck.ingest.text import Text
from rigcheck.ingest.topology import parse_topology


def seen(rig: Rig) -> list[str]:
    return [symptom.name for symptom in value_of(rig.symptoms.seen) or ()]


@pytest.mark.parametrize(
    "text",
    [
        "all_reduce hangs on the pair that is linked through PXB",
        "NCCL gets stuck.\nWith NCCL_P2P_DISABLE=1 it works",
        "AllReduce hangs. Booting with intel_iommu=off resolved it",
        "nccl-tests hang\nACSCtl: SrcValid+ TransBlk- ReqRedir+ CmpltRedir+ UpstreamFwd+",
    ],
)
def test_a_hang_with_a_sign_of_its_cause(text: str) -> None:
    assert seen(parse_peer_copies(Text(text))) == ["p2p-blocked"]


@pytest.mark.parametrize(
    "text",
    [
        "NCCL hangs after an hour",
        "NCCL hangs, and NCCL_P2P_DISABLE=1 does not help",
        "NCCL runs\nACSCtl: SrcValid+ TransBlk- ReqRedir+ CmpltRedir+ UpstreamFwd+",
        "the installer hangs at PIX",
    ],
)
def test_a_hang_alone_or_a_sign_alone_is_none(text: str) -> None:
    assert seen(parse_peer_copies(Text(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "Time 9.0 (9.0) Data 8.6 (8.6)\nTime 7.4 (8.2) Data 7.0 (7.8)\nTime 7.5 (8.0) Data 7.1 (7)",
        "eta: 1 day  iter: 19  time: 0.93  data_time: 0.81",
        "data_seconds_per_step: 7.07\nstep_seconds: 7.5",
        "GPU utilization is very low and the dataloader is the bottleneck",
    ],
)
def test_training_that_waits_for_its_data(text: str) -> None:
    assert seen(parse_step_times(Text(text))) == ["waits-for-data"]


@pytest.mark.parametrize(
    "text",
    [
        "Time 9.0 (9.0) Data 8.6 (8.6)\nTime 0.3 (4.6) Data 0.01 (4.3)",
        "eta: 1 day  iter: 19  time: 0.93  data_time: 0.01",
        "step_seconds: 7.5\ndata_seconds_per_step: 0.1",
        "GPU utilization is about 95 %, the dataloader takes 1 %",
        "the GPU is slow, loading data from CUDA",
    ],
)
def test_training_that_does_not(text: str) -> None:
    assert seen(parse_step_times(Text(text))) == []


def test_a_topology_tells_each_pair_once() -> None:
    text = "\tGPU0\tGPU1\tCPU Affinity\nGPU0\t X \tPHB\t0-31\nGPU1\tPHB\t X \t0-31\n"
    (pair,) = value_of(parse_topology(Text(text)).nvml.gpu_pairs) or ()
    assert value_of(pair.common_ancestor) == "host bridge"
