"""Fixtures for every test, and the option that lets the slow ones run."""

import pytest

pytest_plugins = ["tests.nvml.fake"]

_WHY = "slow: it installs frameworks or emulates a CPU; --run-slow lets it run"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-slow", action="store_true", help="run the tests marked slow, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--run-slow"):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason=_WHY))
