from pathlib import Path

import msgspec
import pytest
import tomli

import rigcheck
from rigcheck.bench.result import BenchRun
from rigcheck.facts import (
    Absent,
    Found,
    Gpu,
    GpuProcess,
    Host,
    Network,
    NetworkInterface,
    Nvml,
    ProcessKind,
    PythonEnv,
    Reason,
    Rig,
    Torch,
)
from rigcheck.findings import Evidence, Finding, Remedy, Verdict
from rigcheck.monitor.sample import GpuSample, Sample
from rigcheck.report.placeholders import Placeholders
from rigcheck.report.private import OwnNames, read_own_names
from rigcheck.report.redact import redact
from rigcheck.report.report import Report, make_report
from rigcheck.report.scrub import Scrubber

UUID = "GPU-8f3a2b1c-1111-2222-3333-444455556666"
NOBODY = OwnNames()
ANN = OwnNames(users=("ann",), hosts=("workbench.acme.example",))


def report(*texts: str, rig: Rig | None = None, bench: BenchRun | None = None) -> Report:
    finding = Finding(
        id="x",
        verdict=Verdict.WARN,
        headline="something",
        group="cpu",
        evidence=tuple(Evidence(text, "a log") for text in texts),
        remedy=Remedy(text="mend it", commands=tuple(texts)),
    )
    return make_report(
        rig=rig or Rig(), probes=(), findings=(finding,), check_duration_s=1.0, bench=bench
    )


def told(text: str, own: OwnNames = ANN, rig: Rig | None = None) -> str:
    return redact(report(text, rig=rig), own).findings[0].evidence[0].text


def found(value: object) -> Found[object]:
    return Found(value, "test")


def rig_of_ann() -> Rig:
    gpu = Gpu(
        index=0,
        uuid=Found(UUID, "NVML"),
        name=Found("NVIDIA GeForce RTX 3090", "NVML"),
        pci_bus_id=Found("0000:01:00.0", "NVML"),
        serial=Found("0324817045678", "NVML"),
        processes=Found(
            (
                GpuProcess(
                    pid=48213,
                    kind=ProcessKind.COMPUTE,
                    memory_used_bytes=Found(1 << 30, "NVML"),
                    name=Found("acme_forecast", "NVML"),
                ),
                GpuProcess(
                    pid=991,
                    kind=ProcessKind.GRAPHICS,
                    memory_used_bytes=Absent(Reason.NOT_SUPPORTED, "NVML"),
                    name=Found("Xorg", "NVML"),
                ),
            ),
            "NVML",
        ),
    )
    interface = NetworkInterface(
        name="enx001122aabbcc",
        up=True,
        wireless=False,
        link_speed_mbit_per_s=Found(1000, "/sys"),
        addresses=Found(("203.0.113.7", "2001:db8::7"), "psutil"),
    )
    return Rig(
        host=Host(hostname=Found("workbench.acme.example", "uname")),
        network=Network(
            interfaces=Found((interface,), "psutil"),
            sshd_listen_addresses=Found(("0.0.0.0:22", "203.0.113.7:2222"), "sshd"),
        ),
        nvml=Nvml(gpus=Found((gpu,), "NVML")),
        python=PythonEnv(
            executable=Found("/home/ann/acme forecast/.venv/bin/python", "sys.executable")
        ),
        torch=Torch(cudnn_version=Found("9.1.0.70", "torch")),
    )


def test_nothing_private_of_a_rig_is_left_anywhere() -> None:
    texts = (
        "process 48213 (acme_forecast), compute: 1.0 GiB",
        "a program (48213) on workbench, ann@workbench.acme.example",
        f"CUDA_VISIBLE_DEVICES={UUID} /home/ann/acme forecast/.venv/bin/python train.py",
        "bound to 203.0.113.7 and 2001:db8::7, MAC 00:11:22:aa:bb:cc, board 0324817045678",
        "WANDB_API_KEY=0123456789abcdef0123456789abcdef01234567 --token hunter2 Bearer abcdefghijk",
        "https://ann:hunter2@repo.acme.example/simple and mail to ann.smith@acme.example",
    )
    out = msgspec.json.encode(redact(report(*texts, rig=rig_of_ann()), ANN)).decode()
    private = (
        "ann", "acme", "workbench", "203.0.113.7", "2001:db8", "00:11:22", "001122aabbcc",
        "0324817045678", "8f3a2b1c", "48213", "forecast", "0123456789abcdef", "hunter2",
        "abcdefghijk", "smith",
    )  # fmt: skip
    assert [word for word in private if word in out] == []


def test_what_says_nothing_of_anybody_stays() -> None:
    redacted = redact(report(rig=rig_of_ann()), ANN)
    assert redacted.rig.torch.cudnn_version == Found("9.1.0.70", "torch")
    assert isinstance(redacted.rig.nvml.gpus, Found)
    (gpu,) = redacted.rig.nvml.gpus.value
    assert gpu.name == Found("NVIDIA GeForce RTX 3090", "NVML")
    assert gpu.pci_bus_id == Found("0000:01:00.0", "NVML")
    assert redacted.rig.network.sshd_listen_addresses == Found(
        ("0.0.0.0:22", "<address>:2222"), "sshd"
    )


def test_the_kinds_that_were_removed_are_named() -> None:
    assert redact(report("all well"), NOBODY).removed == ()
    removed = redact(report("seen", rig=rig_of_ann()), ANN).removed
    assert {"host names", "user names", "serial numbers", "UUIDs of GPUs"} <= set(removed)
    assert "passwords, keys and tokens" not in removed


def test_a_gpu_has_one_name_in_facts_samples_and_texts() -> None:
    bench = BenchRun(
        started_at="2026-11-22T18:04:05Z",
        devices=(),
        speed_ups=(),
        samples=(Sample(time_s=0.0, gpus=(GpuSample(gpu=UUID, power_w=100.0),)),),
    )
    out = redact(report(f"of {UUID}, or GPU-8f3a2b1c", rig=rig_of_ann(), bench=bench), ANN)
    assert out.findings[0].evidence[0].text == "of GPU-1, or GPU-1"
    assert out.bench is not None
    assert out.bench.samples[0].gpus[0].gpu == "GPU-1"
    assert isinstance(out.rig.nvml.gpus, Found)
    assert out.rig.nvml.gpus.value[0].uuid == Found("GPU-1", "NVML")


@pytest.mark.parametrize("user", ["pi", "nvidia", "memory", "x", "vm"])
def test_a_user_with_a_common_name_does_not_turn_the_report_into_nonsense(user: str) -> None:
    own = OwnNames(users=(user,), hosts=(user,))
    text = (
        "nvidia-smi on a Raspberry pi: memory of an NVIDIA GPU is x4, pip has torch, total-vm:4kB"
    )
    assert told(text, own) == text
    assert told(f"in /home/{user}/.venv", own) == "in /home/<user>/.venv"


def test_the_domain_goes_with_the_host_and_a_common_one_stays() -> None:
    assert told("db.acme.example on workbench") == "db.<host> on <host 2>"
    assert told("a .local address", OwnNames(hosts=("nas7.local",))) == "a .local address"


def test_a_name_is_replaced_as_a_word_and_not_within_one() -> None:
    assert told("ann says: planning, Ann's annex") == "<user> says: planning, <user>'s annex"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/ann/bigcorp/.venv/lib/python3.11/site-packages/torch/lib/libtorch.so",
         "/home/<user>/<name>/.venv/lib/python3.11/site-packages/torch/lib/libtorch.so"),
        ("/usr/lib/x86_64-linux-gnu/libcuda.so.1", "/usr/lib/x86_64-linux-gnu/libcuda.so.1"),
        ("/sys/devices/system/cpu/cpu*/topology", "/sys/devices/system/cpu/cpu*/topology"),
        ("/mnt/bigcorp/data", "/mnt/<name>/data"),
        ("C:\\Users\\bob\\Documents", "C:\\Users\\<user>\\<name>"),
        ("16.4 k images/s and/or 1/2", "16.4 k images/s and/or 1/2"),
        ("cuDNN 9.1.0.70, x==9.26.0.8", "cuDNN 9.1.0.70, x==9.26.0.8"),
        ("at 198.51.100.3", "at <address>"),
        ("Linux-5.15.167.4-microsoft-standard-WSL2, jax 0.12.0.1, a kernel of 5.10.43.3",
         "Linux-5.15.167.4-microsoft-standard-WSL2, jax 0.12.0.1, a kernel of 5.10.43.3"),
        ("$HOME/bigcorp/.venv and ${HOME}/bigcorp", "$HOME/<name>/.venv and ${HOME}/<name>"),
        ("at::native and c10::cuda at 12:34:56", "at::native and c10::cuda at 12:34:56"),
        ("0000:01:00.0: Xid 31, pid=712, name=bigcorp, Ch 8",
         "0000:01:00.0: Xid 31, pid=<process>, name=<process 2>, Ch 8"),
        ("HF_TOKEN=abc123 TOKENIZERS_PARALLELISM=false tokens: many",
         "HF_TOKEN=<secret> TOKENIZERS_PARALLELISM=false tokens: <secret 2>"),
        ("Authorization: Bearer abcd", "Authorization: <secret>"),
        ("hf_abcdefghijklmnopqrst", "<secret>"),
        ("pip install torch --index-url https://download.pytorch.org/whl/cu130",
         "pip install torch --index-url https://download.pytorch.org/whl/cu130"),
        ("git clone https://git.bigcorp.example/x.git", "git clone https://<host>"),
        ("already <user> and GPU-1", "already <user> and GPU-1"),
    ],
)  # fmt: skip
def test_free_text_loses_what_is_private_alone(text: str, expected: str) -> None:
    assert told(text) == expected


OWN_TEXTS = (
    *(Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8").splitlines(),
    *(
        command
        for path in Path(rigcheck.__file__).parent.glob("knowledge/*.toml")
        for rows in tomli.loads(path.read_text("utf-8")).values()
        for row in (rows if isinstance(rows, list) else ())
        for command in row.get("commands", ())
    ),
)


def test_rigchecks_own_words_and_remedies_come_through_whole() -> None:
    scrubber = Scrubber(Placeholders(), {})
    # Of sources on the web only hosts that everybody knows are left; they are no part of a report.
    texts = [text for text in OWN_TEXTS if "**Source**" not in text]
    assert any("apt install" in text for text in texts)
    assert len(texts) > 200
    assert [text for text in texts if scrubber.text(text) != text] == []


def test_redacting_twice_changes_nothing_more() -> None:
    once = redact(report("ann on /home/ann/bigcorp", rig=rig_of_ann()), ANN)
    assert redact(once, ANN) == once


def test_a_long_hostile_text_is_scrubbed_in_time_that_grows_with_its_length() -> None:
    text = "token" * 20_000 + "/a" * 20_000 + ":" * 20_000 + "1." * 20_000 + "--" * 20_000
    assert redact(report(text), ANN).findings


def test_this_machine_names_its_user_and_host() -> None:
    own = read_own_names()
    assert own.users
    assert all(own.hosts)
