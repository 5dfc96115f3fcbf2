"""Frameworks beside torch, asked in real children: stand-ins that answer, refuse, crash."""

from pathlib import Path

import pytest
import torch

from rigcheck.facts import Absent, Failed, Framework, value_of
from rigcheck.probes.frameworks import ask_framework, read_frameworks
from rigcheck.probes.probe import ProbeContext
from tests.environments import FakePackages


@pytest.fixture
def packages(tmp_path: Path) -> FakePackages:
    return FakePackages(tmp_path)


def installed(packages: FakePackages) -> dict[str, Framework]:
    context = ProbeContext(python=packages.python, data_dir=Path())
    return {f.name: f for f in value_of(read_frameworks(context).installed) or ()}


@pytest.mark.parametrize("platform", ["gpu", "cpu"])
def test_jax_tells_its_devices(packages: FakePackages, platform: str) -> None:
    source = f"""
        class Device:
            platform = {platform!r}

        def devices():
            return [Device()]
        """
    packages.add_package("jax", source, version="0.7.1")
    jax = installed(packages)["jax"]
    assert value_of(jax.version) == "0.7.1"
    assert value_of(jax.sees_gpu) is (platform == "gpu")


def test_jax_must_not_take_the_gpus_memory_for_being_asked(packages: FakePackages) -> None:
    source = """
        import os

        def devices():
            if os.environ.get("XLA_PYTHON_CLIENT_PREALLOCATE") != "false":
                raise RuntimeError("it would preallocate")
            return []
        """
    packages.add_package("jax", source, version="0.7.1")
    assert value_of(installed(packages)["jax"].sees_gpu) is False


def test_one_that_cannot_be_imported_says_why(packages: FakePackages) -> None:
    packages.add_package("cupy", "raise ImportError('libnvrtc.so.12: cannot open')", version="14.0")
    sees = installed(packages)["cupy"].sees_gpu
    assert isinstance(sees, Failed)
    assert "libnvrtc.so.12" in sees.error


def test_one_that_dies_takes_nobody_with_it(packages: FakePackages) -> None:
    source = "import os, signal; os.kill(os.getpid(), signal.SIGILL)"
    packages.add_package("tensorflow", source, version="2.21.0")
    sees = installed(packages)["tensorflow"].sees_gpu
    assert isinstance(sees, Failed)
    assert "SIGILL" in sees.error


def test_one_without_a_gpu_half_is_named_and_not_asked(packages: FakePackages) -> None:
    packages.add_package("pytensor", "raise RuntimeError('imported')", version="3.3.7")
    pytensor = installed(packages)["pytensor"]
    assert value_of(pytensor.version) == "3.3.7"
    assert isinstance(pytensor.sees_gpu, Absent)


def test_an_interpreter_that_does_not_start_is_the_reason() -> None:
    assert isinstance(ask_framework("/nonexistent/python", "jax").sees_gpu, Failed)


def extension(packages: FakePackages, name: str, *libraries: Path) -> None:
    """An installed extension of torch with these compiled files."""
    packages.add_package(name, "raise RuntimeError('imported')", version="1.2")
    files = []
    for library in libraries:
        (packages.folder / name / library.name).symlink_to(library)
        files.append(f"{name}/{library.name},,")
    record = packages.folder / f"{name}-1.2.dist-info" / "RECORD"
    record.write_text("".join(f"{file}\n" for file in files))


def test_the_code_in_an_extension_is_read_and_it_is_not_imported(packages: FakePackages) -> None:
    library = Path(torch.__file__).parent / "lib" / "libtorch_cuda_linalg.so"
    if not library.exists():
        pytest.skip("the installed torch has no CUDA")
    extension(packages, "xformers", library)
    context = ProbeContext(python=packages.python, data_dir=Path())
    (found,) = value_of(read_frameworks(context).extensions) or ()
    assert (found.name, value_of(found.version)) == ("xformers", "1.2")
    assert value_of(found.arch_list) == tuple(torch._C._cuda_getArchFlags().split())
    assert isinstance(found.cuda_built_version, Absent)


def test_an_extension_without_code_of_its_own_has_none(packages: FakePackages) -> None:
    extension(packages, "flash_attn")
    context = ProbeContext(python=packages.python, data_dir=Path())
    (found,) = value_of(read_frameworks(context).extensions) or ()
    assert found.name == "flash-attn"
    assert isinstance(found.arch_list, Absent)


def test_a_damaged_record_is_told_and_hides_no_other_extension(packages: FakePackages) -> None:
    extension(packages, "flash_attn")
    extension(packages, "xformers")
    (packages.folder / "flash_attn-1.2.dist-info" / "RECORD").write_text("\n\n")
    context = ProbeContext(python=packages.python, data_dir=Path())
    found = {e.name: e for e in value_of(read_frameworks(context).extensions) or ()}
    assert isinstance(found["flash-attn"].arch_list, Failed)
    assert isinstance(found["xformers"].arch_list, Absent)
