from rigcheck.bench.result import BenchRun
from rigcheck.facts import Absent, Failed, Reason, Rig
from rigcheck.monitor.sample import SamplerCost
from rigcheck.report.layout import Style
from rigcheck.report.report import make_report
from rigcheck.report.text import report_text
from rigcheck.report.watch_text import cost_text, watch_sentences

COST = SamplerCost(
    cpu_share=0.00341, samples=120, missed=0, gpu_read_s=0.0012, gpu_dear_read_s=0.0413
)


def run(
    cost: SamplerCost | None = None, why: Absent | Failed | None = None, problem: str = ""
) -> BenchRun:
    return BenchRun(
        started_at="",
        devices=(),
        speed_ups=(),
        samples=(),
        samples_problem=problem,
        no_gpus=why,
        sampler_cost=cost,
    )


def test_what_watching_costs_is_told_with_the_answer_times() -> None:
    assert (
        cost_text(COST)
        == "0.34 % of a core; the GPUs answer in 1.2 ms, in 41.3 ms with dear meters"
    )


def test_without_gpus_there_are_no_answer_times_and_missed_samples_are_told() -> None:
    cost = SamplerCost(cpu_share=0.02, samples=118, missed=2)
    assert cost_text(cost) == "2.00 % of a core; 2 of 120 samples missed"


def test_why_there_are_no_meters_is_told_with_the_source_s_own_words() -> None:
    refused = Absent(Reason.NO_PERMISSION, "nvmlInitWithFlags", "Insufficient Permissions")
    broken = Failed("file too short", "dlopen libnvidia-ml.so.1")
    assert list(watch_sentences(run(why=refused))) == [
        "no GPU has meters: no permission (Insufficient Permissions)"
    ]
    assert list(watch_sentences(run(why=broken))) == ["no GPU has meters: file too short"]


def test_a_run_of_which_nothing_is_known_says_nothing() -> None:
    assert list(watch_sentences(run())) == []


def test_the_text_report_has_it_within_its_width_and_harmless() -> None:
    evil = Failed("\x1b[2J" + "too short " * 20, "dlopen")
    bench = run(COST, evil, "sampler: killed by signal 9")
    report = make_report(rig=Rig(), probes=(), findings=(), check_duration_s=1, bench=bench)
    text = report_text(report, Style(width=72))
    assert "watching cost 0.34 % of a core" in text
    assert "no GPU has meters: \\x1b[2J" in text
    assert "no more samples came: sampler: killed by signal 9" in text
    assert max(map(len, text.splitlines())) <= 72
