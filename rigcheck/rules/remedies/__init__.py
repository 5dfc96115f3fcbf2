"""Remedies: commands for this interpreter, this distribution and these GPUs.

`wheel_choice` searches the tables for the torch that fits, `driver_choice` for the driver;
`python_packages` spells installations for the interpreter at hand; the others put these together.
"""
