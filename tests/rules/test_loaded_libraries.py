"""cuda-libs-from-ld-library-path, cudnn-from-ld-library-path and libraries-loaded-twice."""

import msgspec
import pytest

from rigcheck.facts import (
    Distribution,
    Environment,
    Framework,
    Frameworks,
    LoadedLibrary,
    Rig,
    Symptom,
    Symptoms,
    Torch,
)
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    PYTHON,
    finding_of,
    findings_of,
    found,
    not_there,
    python,
    rtx_4090,
    torch,
)

CUDA, CUDNN, TWICE = (
    "cuda-libs-from-ld-library-path",
    "cudnn-from-ld-library-path",
    "libraries-loaded-twice",
)
SITE = "/home/ada/venv/lib/python3.12/site-packages/nvidia"
WHEELS = (
    Distribution(name="nvidia-cublas-cu12", version="12.8.4.1"),
    Distribution(name="nvidia-cudnn-cu12", version="9.10.2.21"),
)


def with_libraries(*paths: str, ld: str | None = None, wheels: bool = True) -> Rig:
    libraries = tuple(LoadedLibrary(name=path.rpartition("/")[2], path=path) for path in paths)
    return rtx_4090(
        torch=msgspec.structs.replace(torch(), loaded_libraries=found(libraries)),
        environment=Environment(ld_library_path=found(ld) if ld is not None else not_there()),
        python=python(distributions=found(WHEELS if wheels else ())),
    )


def met(name: str, text: str) -> Symptoms:
    return Symptoms(seen=found((Symptom(name=name, text=text, source="line 3 of the text"),)))


def test_a_library_of_the_system_in_place_of_the_wheels_own_is_told() -> None:
    path = "/usr/local/cuda-12.1/lib64"
    rig = with_libraries(f"{path}/libnvJitLink.so.12", ld=f"{path}:/opt/other/lib:")
    finding = finding_of(rig, CUDA)
    assert finding.verdict is Verdict.WARN
    assert path in finding.headline
    assert finding.remedy is not None
    assert finding.remedy.commands[0] == "export LD_LIBRARY_PATH=/opt/other/lib"
    assert finding_of(rig, CUDNN).verdict is Verdict.PASS


def test_the_wheels_own_libraries_are_right_whatever_the_variable_says() -> None:
    rig = with_libraries(f"{SITE}/cublas/lib/libcublas.so.12", ld="/usr/local/cuda/lib64")
    assert finding_of(rig, CUDA).verdict is Verdict.PASS


def test_a_build_without_nvidias_wheels_uses_the_systems_libraries_by_right() -> None:
    path = "/usr/local/cuda/lib64"  # as in NVIDIA's containers
    rig = with_libraries(f"{path}/libcublas.so.12", f"{path}/libcudnn.so.9", ld=path, wheels=False)
    assert finding_of(rig, CUDA).verdict is Verdict.PASS
    assert finding_of(rig, CUDNN).verdict is Verdict.PASS


def test_an_undefined_symbol_is_a_library_of_another_version() -> None:
    words = "libcusparse.so.12: undefined symbol: __nvJitLinkAddData_12_1"
    rig = Rig(
        torch=Torch(installed_version=found("2.5.1")),
        symptoms=met("foreign-cuda-library", words),
        environment=Environment(ld_library_path=found("/usr/local/cuda-12.1/lib64:")),
    )
    finding = finding_of(rig, CUDA)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert finding.remedy.commands[0] == "unset LD_LIBRARY_PATH"


def test_where_the_variable_is_known_not_to_be_set_the_wheels_are_installed_anew() -> None:
    rig = rtx_4090(
        symptoms=met("foreign-cuda-library", "undefined symbol: __nvJitLinkAddData_12_1"),
        environment=Environment(ld_library_path=not_there(), ld_preload=not_there()),
    )
    remedy = finding_of(rig, CUDA).remedy
    assert remedy is not None
    assert remedy.commands[-1].startswith(f"{PYTHON} -m pip install torch==2.15.0")


def test_a_cudnn_of_the_system_is_told_apart() -> None:
    rig = with_libraries("/opt/cudnn/lib/libcudnn.so.9", ld="/opt/cudnn/lib")
    assert finding_of(rig, CUDNN).verdict is Verdict.WARN
    assert finding_of(rig, CUDA).verdict is Verdict.PASS


TORCHS_WORDS = (
    "cuDNN version incompatibility: PyTorch was compiled against (9, 8, 0) but found runtime "
    "version (9, 1, 1). Looks like your LD_LIBRARY_PATH contains incompatible version of cudnn"
)


def test_torchs_complaint_of_the_path_counts_where_it_is_set() -> None:
    rig = rtx_4090(
        symptoms=met("cudnn-version", TORCHS_WORDS),
        environment=Environment(ld_library_path=found("/opt/cudnn/lib")),
    )
    assert finding_of(rig, CUDNN).verdict is Verdict.FAIL
    assert finding_of(rig, "cudnn-version-mismatch").caused_by == CUDNN


def test_it_does_not_where_the_variable_is_not_set() -> None:
    rig = rtx_4090(
        symptoms=met("cudnn-version", TORCHS_WORDS),
        environment=Environment(ld_library_path=not_there()),
    )
    assert finding_of(rig, CUDNN).verdict is Verdict.SKIP
    assert finding_of(rig, "cudnn-version-mismatch").caused_by is None


def test_what_was_not_asked_is_not_judged() -> None:
    rig = Rig(torch=Torch(installed_version=found("2.5.1")))
    for id_ in (CUDA, CUDNN, TWICE):
        assert finding_of(rig, id_).verdict is Verdict.SKIP


def test_two_copies_of_one_library_in_a_process_are_told() -> None:
    rig = with_libraries(f"{SITE}/cudnn/lib/libcudnn.so.9", "/usr/lib/libcudnn.so.8")
    finding = finding_of(rig, TWICE)
    assert (finding.verdict, finding.subject) == (Verdict.WARN, "libcudnn")


def test_the_parts_of_cudnn_are_not_copies_of_each_other() -> None:
    rig = with_libraries(f"{SITE}/cudnn/lib/libcudnn.so.9", f"{SITE}/cudnn/lib/libcudnn_ops.so.9")
    assert finding_of(rig, TWICE).verdict is Verdict.PASS


def test_two_copies_in_another_frameworks_process_are_told_with_its_name() -> None:
    paths = (f"{SITE}/cublas/lib/libcublas.so.12", "/usr/local/cuda/lib64/libcublas.so.11")
    libraries = tuple(LoadedLibrary(name=p.rpartition("/")[2], path=p) for p in paths)
    framework = Framework(name="jax", loaded_libraries=found(libraries))
    rig = rtx_4090(frameworks=Frameworks(installed=found((framework,))))
    finding = finding_of(rig, TWICE)
    assert (finding.verdict, finding.subject) == (Verdict.WARN, "libcublas by jax")


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("libiomp5.so", Verdict.WARN),
        ("libgomp.so.1", Verdict.PASS),
        ("libscipy_openblas64_-32a4b2a6.so", Verdict.PASS),
        ("libcuda.so.580.95.05", Verdict.PASS),
    ],
)
def test_of_runtimes_only_those_that_do_not_bear_it_are_told(name: str, verdict: Verdict) -> None:
    rig = with_libraries(f"/opt/venv/lib/{name}", f"/usr/lib/{name}", ld="/usr/lib")
    assert finding_of(rig, TWICE).verdict is verdict
    assert finding_of(rig, CUDA).verdict is Verdict.PASS


def test_the_owner_of_a_foreign_library_and_how_it_was_found_are_the_evidence() -> None:
    path = "/usr/local/cuda-12.1/lib64"
    library = LoadedLibrary(
        name="libcublas.so.12",
        path=f"{path}/libcublas.so.12",
        owner=found("cuda-toolkit 12.1"),
        found_by=found("LD_LIBRARY_PATH"),
    )
    rig = with_libraries(ld=path)
    loaded = msgspec.structs.replace(rig.torch, loaded_libraries=found((library,)))
    finding = finding_of(msgspec.structs.replace(rig, torch=loaded), CUDA)
    assert finding.evidence[-1].text == (
        f"loaded: {path}/libcublas.so.12 (cuda-toolkit 12.1, found by LD_LIBRARY_PATH)"
    )


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (("cupy-cuda11x", "cupy-cuda12x"), "cupy-cuda12x"),
        (("onnxruntime", "onnxruntime-gpu"), "onnxruntime-gpu"),
        (("nvidia-cudnn-cu12", "nvidia-cudnn-cu13"), "nvidia-cudnn-cu13==1.0"),
    ],
)
def test_rival_packages_are_told_with_the_one_to_keep(names: tuple[str, ...], kept: str) -> None:
    packages = tuple(Distribution(name=name, version="1.0") for name in names)
    (finding,) = findings_of(rtx_4090(python=python(distributions=found(packages))), TWICE)
    assert finding.verdict is Verdict.WARN
    assert finding.remedy is not None
    assert finding.remedy.commands[-1] == f"{PYTHON} -m pip install {kept}"


def test_one_of_them_alone_is_no_rival() -> None:
    packages = (Distribution(name="onnxruntime-gpu", version="1.31.1"),)
    rig = rtx_4090(python=python(distributions=found(packages)))
    assert finding_of(rig, TWICE).verdict is Verdict.PASS
