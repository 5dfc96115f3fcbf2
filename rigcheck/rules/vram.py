"""Does a GPU's memory hold what is written to it?"""

from collections.abc import Iterator

from rigcheck.facts import Found, MemoryTrial, Rig
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import one_line, passed, skipped, told, unknown
from rigcheck.rules.rule import Judgement, rule
from rigcheck.units import bytes_text, duration_text

_TEST = "rigcheck check --vram-test"
# What CUDA says where ECC met an error that it could not correct, in any version's words.
_ECC_WORDS = "uncorrectable ecc"


@rule(
    "vram-errors",
    group="vram",
    needs=("vram",),
    link="https://docs.nvidia.com/deploy/gpu-debug-guidelines/index.html",
)
def vram_errors(rig: Rig) -> Iterator[Judgement]:
    """A GPU's memory does not hold what is written to it.

    `rigcheck check --vram-test` writes eight patterns to the memory that is free, reads them back,
    and goes on so for ten seconds a GPU. It is the one way to see errors of cards without ECC; with
    ECC the counters tell them (ecc-or-row-remap). What other programs and the driver hold is not
    tested, and an error that shows once in a day is not found in ten seconds.
    """
    trials = rig.vram.trials
    if not isinstance(trials, Found):
        yield skipped("the GPUs' memory was not tested", told("memory test", trials))
    elif not trials.value:
        yield skipped("no GPU whose memory torch could test", told("memory test", trials))
    else:
        for trial in trials.value:
            yield _judge_trial(trial, trials.source)


def _judge_trial(trial: MemoryTrial, source: str) -> Judgement:
    tested = _tested(trial, source)
    if trial.wrong_words:
        return _faulty(
            trial, f"returned {trial.wrong_words} wrong words", (tested, *_wrong(trial, source))
        )
    if _ECC_WORDS in trial.error.lower():
        words = Evidence(one_line(trial.error), source)
        return _faulty(trial, "met an error that ECC could not correct", (words, tested))
    if trial.error or not trial.rounds:
        why = one_line(trial.error) or "its time was over before every pattern was read"
        return unknown(
            f"the memory of {trial.device} could not be tested: {why}",
            Evidence(why, source),
            tested,
            tells="The test with nothing else running on the GPU tells it",
            commands=(_TEST,),
            subject=trial.device,
        )
    size = bytes_text(trial.tested_bytes)
    return passed(
        f"{size} of {trial.name}'s memory hold what is written", tested, subject=trial.device
    )


def _tested(trial: MemoryTrial, source: str) -> Evidence:
    rounds = "1 round" if trial.rounds == 1 else f"{trial.rounds} rounds"
    return Evidence(
        f"{trial.device} ({trial.name}): {bytes_text(trial.tested_bytes)} in {rounds} of "
        f"{len(trial.patterns)} patterns, {duration_text(trial.duration_s)}",
        source,
    )


def _wrong(trial: MemoryTrial, source: str) -> Iterator[Evidence]:
    bits = ", ".join(map(str, trial.flipped_bits))
    yield Evidence(f"bits of the word that were wrong: {bits}", source)
    for mistake in trial.mistakes[:3]:
        yield Evidence(
            f"at {bytes_text(mistake.offset_bytes)}, pattern {mistake.pattern}: wrote "
            f"{mistake.wrote}, read {mistake.read}",
            source,
        )


def _faulty(trial: MemoryTrial, what: str, evidence: tuple[Evidence, ...]) -> Judgement:
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"the memory of {trial.device} ({trial.name}) {what}",
        evidence=evidence,
        remedy=Remedy(
            text="Take back every overclock of the card, above all the memory's, cool it, give it "
            "power cables of its own, and test again. If errors stay, or follow the card into "
            "another machine, replace it: what is trained on it cannot be trusted",
            commands=(
                "sudo nvidia-smi --reset-memory-clocks",
                "sudo nvidia-smi --reset-gpu-clocks",
            ),
            verify=_TEST,
        ),
        subject=trial.device,
    )
