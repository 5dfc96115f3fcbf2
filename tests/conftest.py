"""Fixtures for every test."""

pytest_plugins = ["tests.nvml.fake"]
