"""TensorFlow and JAX on the GPUs found."""

from rigcheck.counsel.frameworks import other_frameworks
from rigcheck.facts import Rig
from rigcheck.rules.gpus import known_gpus
from tests.counsel.words import words_of
from tests.rules.rigs import (
    cpu_laptop,
    driver,
    found,
    gpu,
    gtx_960,
    host,
    nvml,
    python,
    rtx_4090,
    two_unlike,
    v100,
)


def told(rig: Rig, title: str) -> str:
    counsels = other_frameworks(rig, known_gpus(rig))
    return words_of(counsel for counsel in counsels if counsel.topic == title)


def test_a_maxwell_card_is_below_tensorflows_wheels() -> None:
    words = told(gtx_960(), "TensorFlow")
    assert "No wheel of it has code for NVIDIA GeForce GTX 960 (5.2)" in words
    assert "begin at compute capability 6.0" in words


def test_a_maxwell_card_takes_jax_with_a_cudnn_that_still_serves_it() -> None:
    words = told(gtx_960(), "JAX")
    assert "pip install 'jax[cuda12]' 'nvidia-cudnn-cu12<9.11'" in words
    assert "inferred from the tables, not tried" in words


def test_a_card_of_today_takes_jax_as_it_comes() -> None:
    words = told(rtx_4090(), "JAX")
    assert "'jax[cuda13]'" in words
    assert "nvidia-cudnn" not in words


def test_a_v100_takes_tensorflow_once_its_driver_is_new_enough() -> None:
    assert "need driver 525.60.13 or newer" in told(v100(), "TensorFlow")
    newer = v100(
        driver=driver("580.95.05"), nvml=nvml(gpu(name="Tesla V100-PCIE-16GB", capability="7.0"))
    )
    words = told(newer, "TensorFlow")
    assert "'tensorflow[and-cuda]'" in words
    assert "nvidia-cudnn-cu12<9.11" in words


def test_a_card_with_ptx_only_is_warned_of_the_first_start() -> None:
    rig = rtx_4090(nvml=nvml(gpu(name="NVIDIA GeForce RTX 5090", capability="12.0")))
    assert "its first start takes minutes" in told(rig, "TensorFlow")


def test_a_python_without_its_wheels_is_named() -> None:
    rig = rtx_4090(python=python(version=found("3.14.0")))
    assert "has wheels for Python 3.10 to 3.13, and this is 3.14.0" in told(rig, "TensorFlow")
    assert "and this is" not in told(rtx_4090(), "TensorFlow")


def test_nothing_is_said_of_gpus_that_are_not_there_or_not_known() -> None:
    assert told(cpu_laptop(), "JAX") == ""
    assert told(rtx_4090(nvml=nvml(gpu(name="X", capability=None))), "JAX") == ""
    assert told(rtx_4090(host=host(kernel_release=found("5.15.148-tegra"))), "JAX") == ""


def test_of_unlike_gpus_each_is_told_apart() -> None:
    rig = two_unlike(("NVIDIA GeForce GTX 960", "5.2"), ("NVIDIA GeForce RTX 4090", "8.9"))
    words = told(rig, "TensorFlow")
    assert "No wheel of it has code for NVIDIA GeForce GTX 960 (5.2)" in words
    assert "tensorflow[and-cuda] has code for NVIDIA GeForce RTX 4090 (8.9)" in words
