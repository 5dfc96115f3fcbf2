"""vram-errors."""

from rigcheck.facts import Failed, MemoryMistake, MemoryTrial, Vram
from rigcheck.findings import Verdict
from tests.rules.health_rigs import desktop_4090
from tests.rules.rigs import GIB, finding_of, findings_of, found

VRAM = "vram-errors"


def trial(
    *, wrong_words: int = 0, error: str = "", rounds: int = 3, device: str = "cuda:0"
) -> MemoryTrial:
    mistake = MemoryMistake(
        pattern="mixed", offset_bytes=3 * GIB, wrote="0" * 16, read="0" * 15 + "8"
    )
    return MemoryTrial(
        device=device,
        name="NVIDIA GeForce GTX 960",
        tested_bytes=3 * GIB,
        rounds=rounds,
        patterns=("zeros", "ones", "mixed"),
        duration_s=10.5,
        wrong_words=wrong_words,
        flipped_bits=(3,) if wrong_words else (),
        mistakes=(mistake,) if wrong_words else (),
        error=error,
    )


def in_trials(*trials: MemoryTrial) -> Vram:
    return Vram(trials=found(trials))


def test_a_wrong_word_is_a_fault_with_its_bits_and_its_place() -> None:
    finding = finding_of(desktop_4090(vram=in_trials(trial(wrong_words=2))), VRAM)
    assert finding.verdict is Verdict.FAIL
    assert "returned 2 wrong words" in finding.headline
    told = " | ".join(evidence.text for evidence in finding.evidence)
    assert "bits of the word that were wrong: 3" in told
    assert "pattern mixed" in told


def test_memory_that_held_passes_and_says_how_much_of_it() -> None:
    finding = finding_of(desktop_4090(vram=in_trials(trial())), VRAM)
    assert finding.verdict is Verdict.PASS
    assert "3.0 GiB" in finding.headline


def test_what_cuda_says_of_ecc_is_a_fault_though_no_word_was_read() -> None:
    words = "AcceleratorError: CUDA error: uncorrectable ECC error encountered"
    finding = finding_of(desktop_4090(vram=in_trials(trial(error=words, rounds=0))), VRAM)
    assert finding.verdict is Verdict.FAIL


def test_a_test_that_could_not_be_made_is_no_fault_and_no_pass() -> None:
    full = trial(error="MemoryError: too little of its memory is free", rounds=0)
    for vram in (in_trials(full), in_trials(trial(rounds=0))):
        assert finding_of(desktop_4090(vram=vram), VRAM).verdict is Verdict.UNKNOWN


def test_each_gpu_is_told_of() -> None:
    both = in_trials(trial(), trial(wrong_words=1, device="cuda:1"))
    findings = findings_of(desktop_4090(vram=both), VRAM)
    assert {f.subject: f.verdict for f in findings} == {
        "cuda:0": Verdict.PASS,
        "cuda:1": Verdict.FAIL,
    }


def test_memory_that_nobody_tested_is_not_judged() -> None:
    without_torch = Vram(trials=Failed("ModuleNotFoundError: No module named 'torch'", "python3"))
    for vram in (Vram(), without_torch, in_trials()):
        assert finding_of(desktop_4090(vram=vram), VRAM).verdict is Verdict.SKIP
