"""The terminal interface: screens and widgets. A leaf: only the commands import it.

An `Engine` drives a generator of events in a thread; the app takes what has come a few times a
second into a model (`check_model`, `bench_model`), and the screens show the model. Models and
`plot` know nothing of Textual.
"""
