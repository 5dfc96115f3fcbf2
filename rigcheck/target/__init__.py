"""Code that runs inside the interpreter being checked, never in rigcheck's own process.

Standard library and Python 3.8 only, beside the package that a task probes. A task is a module
with `run(wire, arguments)`; `bootstrap` starts it, `rigcheck.child` supervises it from outside.
"""
