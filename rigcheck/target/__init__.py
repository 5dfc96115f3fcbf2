"""Code that runs inside the interpreter being checked, never in rigcheck's own process.

Standard library and Python 3.8 only, beside the package that a task probes. A task is a module
with `run(wire, arguments)`; `bootstrap` starts it, `rigcheck.child` supervises it from outside.

What a child loads before its first answer stays without json, re, typing, enum and the like: most
environments have no framework, and these modules take longer to import than the interpreter takes
to start. So types are imported under a `TYPE_CHECKING` of the module's own.
"""
