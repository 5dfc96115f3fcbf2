"""Frameworks beside torch, asked in real children: stand-ins that answer, refuse, crash, hang."""

import sys
import textwrap
import time
from pathlib import Path

import pytest
import torch

from rigcheck.facts import Absent, Failed, Framework, Stage, value_of
from rigcheck.probes.frameworks import ask_framework, read_frameworks
from rigcheck.probes.probe import ProbeContext
from tests.environments import FakePackages

JAX = """
    import contextlib

    class Device:
        def __init__(self, platform):
            self.platform = platform

        def __str__(self):
            return self.platform + ":0"

    def devices(platform=None):
        return [Device(platform or PLATFORM)]

    def default_matmul_precision(precision):
        return contextlib.nullcontext()

    def device_put(array, device):
        return array * SCALE[device.platform]
    """


@pytest.fixture
def packages(tmp_path: Path) -> FakePackages:
    return FakePackages(tmp_path)


def installed(packages: FakePackages) -> dict[str, Framework]:
    context = ProbeContext(python=packages.python, data_dir=Path())
    return {f.title: f for f in value_of(read_frameworks(context).installed) or ()}


def stages_of(framework: Framework) -> dict[tuple[str, str], Stage]:
    return {(s.name, s.device): s for s in value_of(framework.stages) or ()}


def add_jax(packages: FakePackages, platform: str, *, gpu_scale: float = 1) -> None:
    settings = f"PLATFORM = {platform!r}\nSCALE = {{'cpu': 1, 'gpu': {gpu_scale}}}\n"
    packages.add_package("jax", settings + textwrap.dedent(JAX), version="0.7.1")


@pytest.mark.parametrize("platform", ["gpu", "cpu"])
def test_jax_tells_its_devices_and_computes_on_each(packages: FakePackages, platform: str) -> None:
    add_jax(packages, platform)
    jax = installed(packages)["jax"]
    assert value_of(jax.version) == "0.7.1"
    assert value_of(jax.sees_gpu) is (platform == "gpu")
    tried = [stage for stage in value_of(jax.stages) or () if stage.name == "BLAS"]
    assert {stage.device for stage in tried} == {"cpu:0", f"{platform}:0"}
    assert {stage.error for stage in tried} == {""}


def test_a_device_that_computes_wrong_is_told_with_both_results(packages: FakePackages) -> None:
    add_jax(packages, "gpu", gpu_scale=0.5)
    stages = stages_of(installed(packages)["jax"])
    assert stages["BLAS", "cpu:0"].error == ""
    assert stages["BLAS", "gpu:0"].error == "the result is 132384 and not 529536"


def test_jax_must_not_take_the_gpus_memory_for_being_asked(packages: FakePackages) -> None:
    source = """
        import os

        def devices(platform=None):
            if os.environ.get("XLA_PYTHON_CLIENT_PREALLOCATE") != "false":
                raise RuntimeError("it would preallocate")
            return []
        """
    packages.add_package("jax", source, version="0.7.1")
    assert value_of(installed(packages)["jax"].sees_gpu) is False


def test_one_that_cannot_be_imported_says_why(packages: FakePackages) -> None:
    packages.add_package("cupy", "raise ImportError('libnvrtc.so.12: cannot open')", version="14.0")
    cupy = installed(packages)["cupy"]
    assert isinstance(cupy.sees_gpu, Failed)
    assert "libnvrtc.so.12" in cupy.sees_gpu.error
    assert "libnvrtc.so.12" in stages_of(cupy)["import cupy", ""].error


def test_one_that_dies_takes_nobody_with_it(packages: FakePackages) -> None:
    source = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    packages.add_package("tensorflow", source, version="2.21.0")
    add_jax(packages, "cpu")
    told = installed(packages)
    tensorflow = told["tensorflow"]
    assert isinstance(tensorflow.sees_gpu, Failed)
    assert "SIGSEGV" in tensorflow.sees_gpu.error
    assert "SIGSEGV" in stages_of(tensorflow)["import tensorflow", ""].error
    assert value_of(told["jax"].sees_gpu) is False


def test_one_that_dies_in_a_computation_is_told_with_the_device(packages: FakePackages) -> None:
    add_jax(packages, "cpu")
    init = packages.folder / "jax" / "__init__.py"
    init.write_text(
        init.read_text() + "def device_put(array, device):\n    import os\n    os._exit(3)\n"
    )
    stages = stages_of(installed(packages)["jax"])
    assert stages["BLAS", "cpu:0"].error == "ended with exit code 3 and no word"


def test_one_that_hangs_is_given_up(packages: FakePackages) -> None:
    packages.add_package("numba", "import time; time.sleep(600)", version="0.65.1")
    framework = Framework(name="numba")
    told = ask_framework(packages.python, framework, time.monotonic() + 1.5)
    assert "no answer within" in stages_of(told)["import numba", ""].error
    late = ask_framework(packages.python, framework, time.monotonic() - 1)
    assert isinstance(late.stages, Failed)
    assert "no time left" in late.stages.error


def test_pytensors_graph_tells_where_it_ran_and_how_long_it_took(packages: FakePackages) -> None:
    source = """
        import types
        import numpy

        config = types.SimpleNamespace(floatX="float32")

        class Elemwise:
            pass

        class Function:
            def __init__(self, numbers):
                self.numbers = numbers
                node = types.SimpleNamespace(op=Elemwise())
                graph = types.SimpleNamespace(toposort=lambda: [node])
                self.maker = types.SimpleNamespace(fgraph=graph)

            def __call__(self):
                return self.numbers

        def shared(numbers):
            return numbers

        def function(inputs, output, mode):
            assert (mode.linker, mode.optimizer) == ("py", None)
            return Function(output)
        """
    packages.add_package("pytensor", source, version="3.3.7")
    (packages.folder / "pytensor" / "tensor.py").write_text("from numpy import exp\n")
    mode = "import collections\nMode = collections.namedtuple('Mode', 'linker optimizer')\n"
    (packages.folder / "pytensor" / "compile").mkdir()
    (packages.folder / "pytensor" / "compile" / "__init__.py").write_text("")
    (packages.folder / "pytensor" / "compile" / "mode.py").write_text(mode)
    pytensor = installed(packages)["pytensor"]
    assert value_of(pytensor.graph_ran_on) == "CPU"
    assert value_of(pytensor.sees_gpu) is False
    assert stages_of(pytensor)["10 calls", ""].error == ""


def test_keras_is_asked_with_each_backend_that_is_installed(packages: FakePackages) -> None:
    source = """
        import os, types
        config = types.SimpleNamespace(backend=lambda: os.environ["KERAS_BACKEND"])
        """
    packages.add_package("keras", source, version="3.15.1")
    packages.add_package("jax", "", version="0.7.1")
    packages.add_package("tensorflow", "", version="2.21.0")
    told = {title for title in installed(packages) if title.startswith("keras")}
    assert {"keras on jax", "keras on tensorflow"} <= told


def test_nothing_is_left_in_the_users_home(packages: FakePackages) -> None:
    source = """
        import os
        for name in ("KERAS_HOME", "CUPY_CACHE_DIR", "NUMBA_CACHE_DIR"):
            if not os.path.isdir(os.environ[name]):
                raise RuntimeError(name + " is no folder for scratch")
        cuda = None
        """
    packages.add_package("onnxruntime", source, version="1.32.0")
    error = next(iter(stages_of(installed(packages)["onnxruntime"]).values())).error
    assert "scratch" not in error


def test_an_interpreter_that_does_not_start_is_the_reason() -> None:
    framework = Framework(name="jax")
    told = ask_framework("/nonexistent/python", framework, time.monotonic() + 60)
    assert isinstance(told.sees_gpu, Failed)


def test_what_a_framework_does_not_tell_is_missing_for_that_reason(packages: FakePackages) -> None:
    add_jax(packages, "cpu")
    told = ask_framework(packages.python, Framework(name="jax"), time.monotonic() + 60)
    assert isinstance(told.cudnn_built_version, Absent)
    assert sys.executable not in str(told.sees_gpu)


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
