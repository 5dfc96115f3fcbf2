"""`rigcheck explain` and `rigcheck advise` as they are run."""

import json
from pathlib import Path

import jsonschema
import pytest

from rigcheck.cli import main
from rigcheck.report.schema import SCHEMA_PATH
from tests.ingest.test_collect_env import OF_TODAY

BROKEN = OF_TODAY.replace("PyTorch: 12.1", "PyTorch: 13.0").replace("2.4.0+cu121", "2.9.1+cu130")


def run(text: str, folder: Path, *options: str) -> int:
    path = folder / "text"
    path.write_text(text)
    return main(["explain", str(path), "--plain", *options])


def test_a_broken_machine_is_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = BROKEN.replace("available: True", "available: False")
    assert run(text, tmp_path) == 1
    told = capsys.readouterr().out
    assert "driver-too-old" in told
    assert "line 17 of the text: 'Nvidia driver version: 535.161.07'" in " ".join(told.split())


def test_a_healthy_one_is_exit_code_0(tmp_path: Path) -> None:
    assert run(OF_TODAY.replace("GPU 1: Tesla P100-PCIE-16GB\n", ""), tmp_path) == 0


def test_words_that_were_met_are_told_once_with_their_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "docker: Error response from daemon: could not select device driver with gpu"
    run(f"it hangs\n{words}\n", tmp_path)
    told = " ".join(capsys.readouterr().out.split())
    assert f"{words} (line 2 of the text)" in told
    assert told.count("Error response") == 1


def test_json_matches_the_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(BROKEN, tmp_path, "--json")
    report = json.loads(capsys.readouterr().out)
    jsonschema.validate(report, json.loads(SCHEMA_PATH.read_text()))
    assert report["rig"]["torch"]["version"]["value"] == "2.9.1+cu130"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("nothing of interest", 2, "nothing in this text tells of a machine"),
        ("\0\1\2" * 500, 3, "this is no text"),
        ("x" * 2_000_000, 3, "larger than 1 MiB"),
    ],
)
def test_what_cannot_be_explained_says_why(
    text: str, code: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(text, tmp_path) == code
    assert words in capsys.readouterr().err


def test_a_file_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "/nowhere/at/all"]) == 2
    assert "cannot read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("form", "words"),
    [("text", "PyTorch\n   "), ("markdown", "\n### PyTorch\n"), ("html", "<h2>PyTorch</h2>")],
)
def test_advice_is_told_in_each_format(
    form: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["advise", "--format", form]) == 0
    assert words in capsys.readouterr().out


def test_kept_advice_is_shown_as_advice_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["advise", "--json"])
    path = tmp_path / "advice.json"
    path.write_text(capsys.readouterr().out)
    assert main(["report", str(path)]) == 0
    assert "\nPyTorch\n" in capsys.readouterr().out
    main(["judge", str(path), "--plain"])
    judged = capsys.readouterr().out
    assert "\nPyTorch\n" not in judged
    assert "verdicts:" in judged


def test_advice_is_nothing_for_a_monitor(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["advise", "--format", "nagios"])
    assert ended.value.code == 2
    assert "'nagios'" in capsys.readouterr().err


def test_advice_in_json_matches_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["advise", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    jsonschema.validate(report, json.loads(SCHEMA_PATH.read_text()))
    assert {"driver", "PyTorch", "Python"} <= {c["topic"] for c in report["advice"]["counsels"]}
