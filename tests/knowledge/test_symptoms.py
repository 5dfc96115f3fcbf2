"""Error texts, found in foreign texts."""

import pytest

from rigcheck.knowledge import symptoms
from rigcheck.knowledge.symptoms import symptoms_in


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("RuntimeError: CUDA error: no kernel image is available for execution", "no-kernel-image"),
        ("The NVIDIA driver on your system is too old (found version 12020).", "driver-too-old"),
        ("RuntimeError: operator torchvision::nms does not exist", "torchvision-operator"),
        ("ImportError: undefined symbol: __nvJitLinkAddData_12_1", "foreign-cuda-library"),
        ("/lib64/libc.so.6: version `GLIBC_2.28' not found", "glibc-too-old"),
        ("Failed to initialize NVML: Driver/library version mismatch", "driver-library-mismatch"),
        ("Failed to initialize NVML: Unknown Error", "container-lost-gpu"),
        ('could not select device driver "" with capabilities', "docker-without-gpu-driver"),
        ("ERROR: No matching distribution found for torch==2.1.1", "no-matching-wheel"),
        ("RuntimeError: Numpy is not available", "numpy-abi"),
        ("main.c:5:10: fatal error: Python.h: No such file or directory", "no-python-header"),
        (
            "No working C++ compiler found in torch._inductor.config.cpp.cxx: (None, 'g++')",
            "no-cxx-compiler",
        ),
        ("RuntimeError: Cannot find a working triton installation.", "no-triton"),
        ("RuntimeError: Dynamo is not supported on Python 3.12+", "python-not-for-dynamo"),
        ("collect2: /usr/bin/ld: cannot find -lcuda: No such file", "no-libcuda-to-link"),
        ("modprobe: ERROR: could not insert 'nvidia': Key was rejected by service", "key-rejected"),
        ("NVRM: The 595.71.05 NVIDIA driver will ignore this GPU.", "driver-ignores-gpu"),
    ],
)
def test_what_the_libraries_say_is_known(text: str, name: str) -> None:
    assert {met.name for met in symptoms_in(text)} == {name}


@pytest.mark.parametrize(
    "text",
    [
        "Is CUDA available: True",
        "cuDNN version: Probably one of the following: /usr/lib/libcudnn.so.9",
        "torch.cuda.is_available() returned True; operator overloading works",
        "ldd (GNU libc) 2.39, GLIBC_2.28",
    ],
)
def test_what_says_nothing_wrong_is_no_symptom(text: str) -> None:
    assert symptoms_in(text) == ()


def test_the_line_and_what_stands_beside_the_words_are_told() -> None:
    (met,) = symptoms_in("first\nsecond: NO KERNEL IMAGE IS AVAILABLE for it  \nthird")
    assert (met.line, met.text) == (2, "second: NO KERNEL IMAGE IS AVAILABLE for it")


def test_a_line_break_within_the_words_is_a_space() -> None:
    (met,) = symptoms_in("RuntimeError: no kernel image\nis available for execution")
    assert (met.name, met.line) == ("no-kernel-image", 1)


def test_of_one_endless_line_only_the_surroundings_are_kept() -> None:
    (met,) = symptoms_in("x" * 100_000 + " Numpy is not available " + "y" * 100_000)
    assert len(met.text) < 1_000
    assert "Numpy is not available" in met.text


def test_a_text_that_repeats_itself_is_told_a_few_times_only() -> None:
    assert len(symptoms_in("Numpy is not available\n" * 10_000)) <= 3


def test_letters_that_change_their_length_in_lower_case_move_nothing() -> None:
    (met,) = symptoms_in("İİİİ\nİ Numpy is not available")
    assert (met.line, met.text) == (2, "İ Numpy is not available")


def test_names_and_words_are_each_there_once() -> None:
    rows = symptoms.table().symptom
    assert len({row.name for row in rows}) == len(rows)
    words = [word.lower() for row in rows for word in row.words]
    assert len(set(words)) == len(words)


def test_a_row_is_found_by_its_name() -> None:
    row = symptoms.row_of("no-kernel-image")
    assert row is not None
    assert row.finding == "gpu-arch-not-in-wheel"
    assert symptoms.row_of("no-such-symptom") is None
