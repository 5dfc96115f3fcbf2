"""Advice as people read it."""

import msgspec

from rigcheck.advice import Advice, Counsel, Fit, Room
from rigcheck.findings import Remedy
from rigcheck.report.advice_text import advice_lines, advice_text
from rigcheck.report.layout import Style

ADVICE = Advice(
    counsels=(
        Counsel(
            topic="PyTorch",
            text="Install it · \x1b[31mred",
            remedy=Remedy(text="", commands=("pip install torch",), verify="rigcheck check"),
            sources=("https://pytorch.org",),
        ),
    ),
    fits=(
        Fit(
            gpu="GPU 0",
            workload="LeNet",
            needs_bytes=2**30,
            has_bytes=2**32,
            room=Room.FITS,
            source="x",
        ),
    ),
)


def test_commands_stand_alone_and_sources_are_named() -> None:
    lines = list(advice_lines(ADVICE, Style()))
    assert "          $ pip install torch" in lines
    assert "    then  $ rigcheck check" in lines
    assert any("https://pytorch.org" in line for line in lines)


def test_the_table_says_what_fits() -> None:
    lines = list(advice_lines(ADVICE, Style()))
    assert "memory of GPU 0: 4.0 GiB" in lines
    assert any("LeNet" in line and line.endswith("fits") for line in lines)


def test_a_topic_is_named_once_and_what_was_removed_last() -> None:
    counsel = Counsel(topic="PyTorch", text="Mind the driver")
    advice = Advice(counsels=(*ADVICE.counsels, counsel), fits=())
    lines = advice_text(advice, ("host names",), Style()).splitlines()
    assert lines.count("PyTorch") == 1
    assert "          Mind the driver" in lines
    assert lines[-1] == "Removed before sharing: host names"


def test_foreign_words_do_nothing_to_a_terminal() -> None:
    assert "\x1b" not in "\n".join(advice_lines(ADVICE, Style(symbols=True)))


def test_like_gpus_share_a_table_and_its_arithmetic_is_told_once() -> None:
    fit = ADVICE.fits[0]
    twin, other = (
        msgspec.structs.replace(fit, gpu="GPU 1"),
        msgspec.structs.replace(fit, gpu="GPU 2", has_bytes=2**34),
    )
    text = "\n".join(advice_lines(Advice(counsels=(), fits=(fit, twin, other)), Style()))
    assert "memory of GPU 0, GPU 1: 4.0 GiB each" in text
    assert "memory of GPU 2: 16.0 GiB\n" in text
    assert text.count("LeNet") == 2
    assert text.count("Calculated:") == 1
