"""Installing into this interpreter with what it has."""

from rigcheck.facts import PythonEnv
from rigcheck.rules.remedies.python_packages import (
    installer_for,
    installer_with_python,
    verify_with,
)
from tests.rules.rigs import PYTHON, found, python, rtx_4090


def install(environment: PythonEnv) -> str:
    installer = installer_for(rtx_4090(python=environment))
    return installer.install(["torch==2.15.0"], "https://x.org/whl/cu126")


def test_a_virtual_environment_uses_its_own_pip() -> None:
    expected = f"{PYTHON} -m pip install torch==2.15.0 --index-url https://x.org/whl/cu126"
    assert install(python()) == expected


def test_an_environment_without_pip_uses_uv() -> None:
    without = python(environment=found("uv"), has_pip=found(False))
    expected = f"uv pip install --python {PYTHON} torch==2.15.0 --index-url https://x.org/whl/cu126"
    assert install(without) == expected
    uninstall = installer_for(rtx_4090(python=without)).uninstall(["torch"])
    assert uninstall == f"uv pip uninstall --python {PYTHON} torch"


def test_uvs_environment_with_pip_uses_pip() -> None:
    assert install(python(environment=found("uv"))).startswith(f"{PYTHON} -m pip")


def test_a_system_interpreter_gets_an_environment_of_its_own_first() -> None:
    system = python(
        executable=found("/usr/bin/python3"),
        environment=found("system"),
        externally_managed=found(True),
    )
    installer = installer_for(rtx_4090(python=system))
    assert installer.prepare == ("/usr/bin/python3 -m venv ~/.venvs/torch",)
    assert installer.python == "~/.venvs/torch/bin/python"
    assert "PEP 668" in installer.note


def test_a_system_interpreter_that_pip_may_change_is_changed() -> None:
    system = python(environment=found("system"))
    assert installer_for(rtx_4090(python=system)).prepare == ()


def test_condas_own_torch_is_to_go_first() -> None:
    conda = python(environment=found("conda"), prefix=found("/opt/conda/envs/my env"))
    note = installer_for(rtx_4090(python=conda)).note
    assert "conda remove -p '/opt/conda/envs/my env' pytorch torchvision" in note


def test_a_path_with_spaces_and_worse_is_quoted_for_the_shell() -> None:
    odd = python(executable=found("/home/a b/$(reboot)/python"))
    assert install(odd).startswith("'/home/a b/$(reboot)/python' -m pip install")


def test_an_interpreter_nobody_asked_about_is_python3() -> None:
    assert install(PythonEnv()).startswith("python3 -m pip install")


def test_another_python_gets_an_environment() -> None:
    installer = installer_with_python("3.12")
    assert installer.prepare == ("python3.12 -m venv ~/.venvs/torch",)


def test_the_verification_names_parts_and_interpreter() -> None:
    installer = installer_for(rtx_4090())
    assert verify_with(installer) == f"rigcheck check --only torch --python {PYTHON}"
    assert verify_with(installer, "cpu", "python") == (
        f"rigcheck check --only cpu --only python --python {PYTHON}"
    )
