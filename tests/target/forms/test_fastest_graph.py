"""The fastest graph: found here with torch's own compiler for CPUs, where no graph is captured."""

import os
import tempfile
from pathlib import Path

import pytest
import torch

from rigcheck.target.forms.compile_rehearsal import difference
from rigcheck.target.forms.compiled import (
    compile_environment,
    compiled_forward,
    compiling_in,
    why_not_compiled,
)
from rigcheck.target.forms.fastest_graph import fastest_graph, how_text
from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.forms.race import Verdict
from rigcheck.target.forms.recipe import recipe_for
from rigcheck.target.forms.static_form import StaticForm
from rigcheck.target.lenet import make_lenet, predict
from rigcheck.target.training_data import to_device
from tests.target.forms.reference import (
    CPU,
    batches_of,
    course_of,
    reference_course,
    relative_error,
    some_data,
)


@pytest.fixture(autouse=True)
def no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is compiled goes into folders that are gone afterwards."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_the_result_says_which_one_it_was_and_what_the_other_reached() -> None:
    faster, slower = Verdict(1.31, 1.284, 1.35), Verdict(0.97, 0.951, 0.99)
    assert how_text(faster) == (
        "a CUDA graph of compiled kernels, 1.31× (1.28–1.35) the speed of torch's own"
    )
    assert how_text(slower) == (
        "a CUDA graph of torch's own kernels; compiled ones reached 0.97× (0.95–0.99) its speed"
    )
    assert how_text(None, "Triton is not installed") == (
        "a CUDA graph of torch's own kernels; torch.compile: Triton is not installed"
    )


def test_what_is_known_to_be_in_the_way_is_told_beforehand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert why_not_compiled(CPU) == ""
    monkeypatch.delattr(torch, "compile")
    assert why_not_compiled(CPU) == "this torch has none"


def test_the_environment_is_as_it_was_after_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRITON_CACHE_DIR", "/mine")
    before = dict(os.environ)
    with compiling_in("/theirs"):
        assert compile_environment("/theirs").items() <= os.environ.items()
        assert os.environ["TRITON_CACHE_DIR"] == "/theirs/triton"
    assert dict(os.environ) == before


def test_a_compiled_step_that_learns_something_else_is_told() -> None:
    right = [230.0, 200.0, 170.0]
    assert difference(right, [230.1, 199.9, 170.2]) == ""
    assert difference(right, [230.0, 190.0, 170.0]) == (
        "the compiled step is wrong: its loss in step 2 is 190 and not 200"
    )
    assert "nan" in difference(right, [230.0, float("nan"), 170.0])


def test_only_cuda_has_a_choice() -> None:
    recipe = recipe_for("in-memory", some_data(20), 10, 0, lambda _: None)
    assert recipe.how == ""
    assert isinstance(recipe.make(make_lenet(0, CPU)), InMemory)


def test_where_nothing_can_be_compiled_it_is_torchs_own_kernels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(torch, "compile")
    data, stages = some_data(200), list[str]()
    recipe = fastest_graph(data, 100, 0, stages.append)
    assert recipe.how == ("a CUDA graph of torch's own kernels; torch.compile: this torch has none")
    assert stages == ["compiling peak"]
    found = course_of(recipe.make(make_lenet(0, CPU)), batches_of(data, 100, 3))
    expected = course_of(InMemory(make_lenet(0, CPU), data), batches_of(data, 100, 3))
    assert found.losses == expected.losses


def test_a_temporary_directory_that_takes_no_files_is_no_failure(tmp_path: Path) -> None:
    tempfile.tempdir = str(tmp_path / "gone")
    recipe = fastest_graph(some_data(200), 100, 0, lambda _: None)
    assert "torch.compile: [Errno 2] No such file or directory" in recipe.how


@pytest.mark.slow
def test_a_missing_compiler_is_told_in_torchs_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", str(tmp_path / "g++"))
    recipe = fastest_graph(some_data(200), 100, 0, lambda _: None)
    assert recipe.how.startswith(
        "a CUDA graph of torch's own kernels; torch.compile: compiling failed: "
    )
    assert "C++ compiler" in recipe.how
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_the_compiled_step_is_that_of_autograd_in_float64(tmp_path: Path) -> None:
    """Three shuffled passes, each of which ends in a batch of 50."""
    data = some_data(650)
    batches = batches_of(data, 100, 20)
    before = [p.detach().double() for p in make_lenet(0, CPU).parameters()]
    with compiling_in(str(tmp_path)):
        model = make_lenet(0, CPU)
        form = StaticForm(model, data, 100, compiled_forward(model))
    one = reference_course(make_lenet(0, CPU), data, batches[:1])
    for start, p, reference in zip(
        before, course_of(form, batches[:1]).weights, one.weights, strict=True
    ):
        assert relative_error(p - start, reference - start) < 5e-5
    found = course_of(form.start_over(make_lenet(0, CPU)), batches)
    expected = reference_course(make_lenet(0, CPU), data, batches)
    assert found.losses == pytest.approx(expected.losses, rel=2e-5)
    assert found.hits == expected.hits
    for weight, reference in zip(found.weights, expected.weights, strict=True):
        assert relative_error(weight, reference) < 1e-5


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_the_faster_one_learns_the_digits_and_nothing_stays_behind(tmp_path: Path) -> None:
    """Rehearsed in another process, compiled again from its cache, timed, and begun anew."""
    data, stages = to_device(None, CPU), list[str]()
    recipe = fastest_graph(data.train, 100, 0, stages.append)
    assert stages == ["compiling peak", "warm-up peak"]
    assert "× (" in recipe.how
    assert list(tmp_path.iterdir()) == []
    batches = torch.randperm(60_000, generator=torch.Generator().manual_seed(0)).split(100)
    form = recipe.make(make_lenet(0, CPU))
    course_of(form, batches)
    _, hits = predict(form.model(), data.test.images, data.test.labels, 100)
    assert float(torch.cat(hits).float().mean()) > 0.94


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU that torch can use")
def test_the_fastest_graph_of_a_gpu_is_that_of_the_in_memory_form() -> None:
    gpu = torch.device("cuda")
    data = some_data(250)
    there = type(data)(*(part.to(gpu) for part in data))
    batches = [batch.to(gpu) for batch in batches_of(data, 100, 9)]
    recipe = fastest_graph(there, 100, 0, lambda _: None)
    found = course_of(recipe.make(make_lenet(0, gpu)), batches)
    expected = course_of(InMemory(make_lenet(0, gpu), there), batches)
    assert found.losses == pytest.approx(expected.losses, rel=1e-2)
