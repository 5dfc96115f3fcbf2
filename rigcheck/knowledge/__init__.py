"""Dated, sourced tables (TOML beside this file) and their typed loaders.

Every row names its source and the day it was checked. What a table does not know is unknown,
never guessed.
"""
