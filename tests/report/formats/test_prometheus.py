import msgspec
from prometheus_client.parser import text_string_to_metric_families

from rigcheck.bench.result import BenchRun
from rigcheck.facts import Absent, Found, Reason
from rigcheck.report.formats.prometheus import prometheus
from rigcheck.report.report import Report
from tests.report.formats.samples import UUID, whole_report


def read_back(report: Report) -> dict[str, list[tuple[dict[str, str], float]]]:
    families = list(text_string_to_metric_families(prometheus(report)))
    assert all(family.type == "gauge" and family.documentation for family in families)
    return {f.name: [(s.labels, s.value) for s in f.samples] for f in families}


def test_its_own_parser_reads_every_figure_back() -> None:
    metrics = read_back(whole_report())
    rates = {(x["device"], x["tier"]): v for x, v in metrics["rigcheck_bench_images_per_second"]}
    assert rates == {
        ("cpu", "in-memory"): 2500.0,
        ("cpu", "as-written"): 1250.0,
        ("cuda:0", "in-memory"): 16400.0,
        ("cuda:0", "as-written"): 8200.0,
    }
    assert metrics["rigcheck_gpu_temperature_celsius"] == [
        ({"gpu": "0", "uuid": UUID, "pci_bus_id": ""}, 41.0)
    ]
    counts = {x["verdict"]: v for x, v in metrics["rigcheck_findings"]}
    assert counts == {"pass": 1.0, "warn": 1.0, "fail": 2.0, "unknown": 1.0, "skip": 1.0}


def test_a_label_comes_back_as_it_is_shown() -> None:
    name = 'a"b\\c\nd{e="f"} \x1b[2J'
    (gpu,) = read_back(whole_report(name=name))["rigcheck_gpu_info"]
    assert gpu[0]["name"] == 'a"b\\c d{e="f"} \\x1b[2J'


def test_what_is_unknown_has_no_sample_and_a_zero_has_one() -> None:
    report = whole_report()
    assert isinstance(report.rig.nvml.gpus, Found)
    gpu = msgspec.structs.replace(
        report.rig.nvml.gpus.value[0],
        power_w=Absent(Reason.NOT_SUPPORTED, "NVML"),
        ecc_uncorrected_volatile=Found(0, "NVML"),
    )
    nvml = msgspec.structs.replace(report.rig.nvml, gpus=Found((gpu,), "NVML"))
    rig = msgspec.structs.replace(report.rig, nvml=nvml)
    metrics = read_back(msgspec.structs.replace(report, rig=rig))
    assert "rigcheck_gpu_power_watts" not in metrics
    assert metrics["rigcheck_gpu_ecc_uncorrected_errors"][0][1] == 0.0


def test_the_same_series_is_told_once() -> None:
    report = whole_report()
    twice = msgspec.structs.replace(report, findings=report.findings * 2)
    series = [line.rpartition(" ")[0] for line in prometheus(twice).splitlines()]
    told = [line for line in series if not line.startswith("#")]
    assert sorted(told) == sorted(set(told))


def test_a_benchmark_of_nothing_has_no_rates() -> None:
    bench = BenchRun(started_at="", devices=(), speed_ups=(), samples=())
    metrics = read_back(msgspec.structs.replace(whole_report(), bench=bench, created_at="?"))
    assert not [name for name in metrics if name.startswith("rigcheck_bench")]
    assert "rigcheck_report_timestamp_seconds" not in metrics
