"""Checks a deep-learning machine: facts, verdicts, remedies, and a training run that proves them.

This file stays free of imports: the interpreter being checked loads `rigcheck.target` through it,
and that interpreter has none of rigcheck's dependencies.
"""

__version__ = "0.1.0"
