"""What has room in the GPUs' memory."""

from rigcheck.counsel.limits import limits
from rigcheck.counsel.memory import fits, unknown_memory
from rigcheck.facts import Pci
from rigcheck.knowledge import workloads
from rigcheck.rules.gpus import known_gpus
from tests.counsel.words import words_of
from tests.rules.rigs import GIB, cpu_laptop, found, gpu, nvml, rtx_4090


def test_what_a_workload_needs_is_context_states_and_activations() -> None:
    rows = {row.name: row for row in workloads.table().workload}
    adam = rows["7B language model, trained whole with Adam"]
    assert adam.needs_bytes == workloads.CONTEXT_BYTES + 16 * 6_738_415_616
    half = rows["7B language model, 16 bit, 4096 tokens"]
    cache = 4096 * 2 * 32 * 4096 * 2  # tokens, keys and values, layers, width, bytes
    assert half.needs_bytes == workloads.CONTEXT_BYTES + 2 * 6_738_415_616 + cache


def test_fewer_bits_need_less() -> None:
    needs = [r.needs_bytes for r in workloads.table().workload if r.name.startswith("7B")]
    assert needs == sorted(needs)


def test_every_gpu_that_tells_its_memory_has_a_table() -> None:
    small, large = (gpu(i, memory_total_bytes=found(n * GIB)) for i, n in ((0, 4), (1, 24)))
    told = {fit.gpu: fit.has_bytes for fit in fits(rtx_4090(nvml=nvml(small, large)))}
    assert told == {"GPU 0": 4 * GIB, "GPU 1": 24 * GIB}


def test_memory_that_nobody_told_is_said_to_be_unknown() -> None:
    rig = rtx_4090()
    assert "is told by the driver once it answers" in words_of(unknown_memory(rig, known_gpus(rig)))
    told = rtx_4090(nvml=nvml(gpu(memory_total_bytes=found(24 * GIB))))
    assert words_of(unknown_memory(told, known_gpus(told))) == ""
    assert words_of(unknown_memory(cpu_laptop(), ())) == ""


def test_eight_like_gpus_are_told_their_limits_once() -> None:
    old = [gpu(i, "Tesla P40", "6.1", f"0000:{i:02x}:00.0") for i in range(8)]
    rig = rtx_4090(pci=Pci(nvidia_gpus=found(())), nvml=nvml(*old))
    words = words_of(limits(known_gpus(rig)))
    assert words.count("torch.compile, which") == 1
    assert "8× Tesla P40 (6.1)" in words
