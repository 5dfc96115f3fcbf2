import re

import msgspec

from rigcheck.facts import Absent, Cpu, Found, Host, Reason, Rig, Torch
from rigcheck.findings import Evidence, Finding, Remedy, Verdict
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.report.layout import Style
from rigcheck.report.report import Report, make_report
from rigcheck.report.text import report_text, short_text

PLAIN = Style(width=72)
PRETTY = Style(symbols=True, colour=True, width=72)

NOUVEAU = Finding(
    id="nouveau-bound",
    verdict=Verdict.FAIL,
    headline="nouveau holds the GPU",
    group="driver",
    evidence=(Evidence("driver bound to 0000:01:00.0: nouveau", "/sys/bus/pci/devices"),),
    remedy=Remedy(
        text="Install NVIDIA's driver",
        commands=("sudo apt-get install -y nvidia-driver-580 linux-headers-" + "x" * 60,),
        verify="rigcheck check --only driver",
    ),
    link="https://example.org/nouveau",
)
NOT_LOADED = Finding(
    id="kernel-module-not-loaded",
    verdict=Verdict.FAIL,
    headline="the kernel module is not loaded",
    group="driver",
    remedy=Remedy(text="Load it", commands=("sudo modprobe nvidia",)),
    caused_by="nouveau-bound",
)
HEALTHY = Finding(id="shm-too-small", verdict=Verdict.PASS, headline="enough", group="memory")


def report(*findings: Finding, rig: Rig | None = None, interrupted: bool = False) -> Report:
    return make_report(
        rig=rig or Rig(),
        probes=(
            ProbeOutcome(part="cpu", duration_s=0.01),
            ProbeOutcome(part="torch", duration_s=120.0, error="no answer within 120 s"),
        ),
        findings=findings,
        check_duration_s=1.23,
        interrupted=interrupted,
    )


def test_a_finding_is_told_with_evidence_remedy_and_link() -> None:
    text = report_text(report(NOUVEAU), PLAIN)
    assert "FAIL nouveau holds the GPU" in text
    assert "seen  driver bound to 0000:01:00.0: nouveau (/sys/bus/pci/devices)" in text
    assert "mend  Install NVIDIA's driver" in text
    assert "then  $ rigcheck check --only driver" in text
    assert "read  https://example.org/nouveau" in text


def test_a_command_stays_on_one_line_however_long() -> None:
    assert NOUVEAU.remedy is not None
    assert f"$ {NOUVEAU.remedy.commands[0]}\n" in report_text(report(NOUVEAU), PLAIN)


def test_a_consequence_names_its_cause_and_leaves_the_remedy_to_it() -> None:
    text = report_text(report(NOUVEAU, NOT_LOADED), PLAIN)
    assert "follows from nouveau-bound" in text
    assert "modprobe" not in text


def test_what_passed_is_counted_and_not_told() -> None:
    text = report_text(report(NOUVEAU, HEALTHY), PLAIN)
    assert "shm-too-small" not in text
    assert "2 verdicts: 1 fail, 1 pass, checked in 1.23 s" in text


def test_one_verdict_is_none_of_several_and_none_is_said() -> None:
    assert "1 verdict: 1 fail, checked" in report_text(report(NOUVEAU), PLAIN)
    assert "no verdicts, checked" in report_text(report(), PLAIN)


def test_a_text_of_which_no_fact_is_told_has_no_gap_for_them() -> None:
    assert "\n\n\n" not in report_text(msgspec.structs.replace(report(NOUVEAU), probes=()), PLAIN)


def test_facts_are_wrapped_between_words_under_their_title() -> None:
    host = Host(
        distribution=Found("Ubuntu 24.04.3 LTS", "x"), kernel_release=Found("6.8.0-90-generic", "x")
    )
    text = report_text(report(rig=Rig(host=host)), Style(width=40))
    lines = text.splitlines()
    assert lines[0].endswith("  Ubuntu 24.04.3 LTS,")
    assert lines[1].strip() == "kernel 6.8.0-90-generic"
    at = next(n for n, line in enumerate(lines) if line.startswith("Host"))
    title, words = "Host     ", lines[at].split()
    assert lines[at].startswith(title + "Ubuntu")
    assert words[-1] == "kernel"
    assert lines[at + 1] == " " * len(title) + "6.8.0-90-generic"


def test_plain_text_is_letters_alone_and_pretty_text_says_the_same_words() -> None:
    text, pretty = (report_text(report(NOUVEAU), style) for style in (PLAIN, PRETTY))
    assert text.isascii()
    assert "\x1b[31m✗ fail\x1b[0m nouveau holds the GPU" in pretty
    assert set(re.findall(r"[a-z-]{4,}", text)) <= set(re.findall(r"[a-z-]{4,}", pretty))


def test_foreign_text_cannot_command_the_terminal() -> None:
    hostile = "RTX \x1b]0;owned\x07\x1b[2J 4090\u202e"
    rig = Rig(cpu=Cpu(model=Found(hostile, "/proc/cpuinfo")))
    finding = Finding(
        id="x",
        verdict=Verdict.WARN,
        headline=hostile,
        group="cpu",
        evidence=(Evidence(hostile, hostile),),
        remedy=Remedy(text=hostile, commands=(hostile,), verify=hostile),
        link=hostile,
    )
    text = report_text(report(finding, rig=rig), PLAIN)
    assert not set(text) & {"\x1b", "\x07", "\u202e"}


def test_a_probe_that_failed_says_why_in_its_line() -> None:
    assert re.search(
        r"^PyTorch +no answer within 120 s$", report_text(report(), PLAIN), re.MULTILINE
    )


def test_a_part_that_was_not_probed_has_no_line() -> None:
    assert "Storage" not in report_text(report(), PLAIN)


def test_an_absent_torch_is_told_as_such() -> None:
    absent = Absent(Reason.NOT_THERE, "importlib.metadata")
    rig = Rig(torch=Torch(installed_version=absent, version=absent))
    whole = make_report(
        rig=rig,
        probes=(ProbeOutcome(part="torch", duration_s=0.1),),
        findings=(),
        check_duration_s=0.1,
    )
    assert re.search(r"^PyTorch +not installed$", report_text(whole, PLAIN), re.MULTILINE)


def test_the_short_text_leads_with_the_root_cause_alone() -> None:
    text = short_text(report(NOUVEAU, NOT_LOADED, interrupted=True), PLAIN)
    assert text.startswith("FAIL nouveau holds the GPU")
    assert "kernel-module-not-loaded" not in text
    assert "interrupted" in text
