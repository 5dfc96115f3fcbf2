"""torchvision's own download, from a server on this machine, and what can go wrong with it."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torchvision

from rigcheck.bench.result import DataKind, Outcome
from rigcheck.target.mnist_download import download_mnist
from rigcheck.target.task_error import TaskError
from tests.bench.runs import interpreter, make_plan, result_of
from tests.environments import FakePackages
from tests.mnist import real_mnist, write_set


@pytest.fixture
def mirror() -> Iterator[str]:
    """The address of a server that has MNIST's files."""
    handler = functools.partial(_QuietHandler, directory=str(real_mnist()))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def python_with_mirror(folder: Path, mirror: str) -> str:
    return interpreter(
        folder,
        f"""
        import os, torchvision
        os.environ["no_proxy"] = "*"
        torchvision.datasets.MNIST.mirrors = [{mirror!r}]
        """,
    )


def test_mnist_is_downloaded_where_it_is_asked_for(tmp_path: Path, mirror: str) -> None:
    data_dir = tmp_path / "data"
    python = python_with_mirror(tmp_path, mirror)
    plan = make_plan(python=python, data_dir=data_dir, download=True, training_s=0.01)
    run = result_of(plan).devices[0]
    assert (run.outcome, run.error) == (Outcome.DONE, "")
    assert run.data is not None
    assert run.data.kind is DataKind.MNIST
    assert (data_dir / "MNIST" / "raw" / "train-images-idx3-ubyte").is_file()


def test_nothing_is_downloaded_where_the_files_are(tmp_path: Path) -> None:
    data_dir = write_set(tmp_path)
    before = sorted(data_dir.rglob("*"))
    download_mnist(data_dir)
    assert sorted(data_dir.rglob("*")) == before


def test_a_network_that_is_not_there_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", ["http://127.0.0.1:9/"])
    with pytest.raises(TaskError) as caught:
        download_mnist(tmp_path)
    assert str(caught.value).startswith(f"MNIST cannot be downloaded into {tmp_path}: ")
    assert "Connection refused" in str(caught.value)
    assert "built-in digits" in caught.value.hint


def test_a_torchvision_that_does_not_fit_torch_is_said_so(tmp_path: Path) -> None:
    packages = FakePackages(tmp_path)
    packages.add_package(
        "torchvision", "raise RuntimeError('operator torchvision::nms does not exist')"
    )
    plan = make_plan(python=packages.python, data_dir=tmp_path / "data", download=True)
    run = result_of(plan).devices[0]
    assert (run.outcome, run.stage) == (Outcome.FAILED, "download")
    assert run.error == (
        "MNIST cannot be downloaded: torchvision cannot be imported: "
        "operator torchvision::nms does not exist"
    )
    assert "`rigcheck check`" in run.hint
