"""Paths without what they tell of people and projects: folders that every machine has stay."""

import re

from rigcheck.report.placeholders import PLACEHOLDER, Placeholders

_SYSTEM_WORDS = """
    usr lib lib32 lib64 bin sbin proc sys dev etc boot nix Library System
"""
_SYSTEM = frozenset(_SYSTEM_WORDS.split())
"""Below these lies what the system and its packages put there."""
_PEOPLE = frozenset({"home", "users", "documents and settings"})
"""The next folder bears a person's name."""
_COMMON_WORDS = """
    . .. ~ * .dockerenv .containerenv usr lib lib32 lib64 bin sbin proc sys dev etc opt boot
    run nix snap home users root mnt media data datasets mnist raw fashionmnist srv scratch
    tmp var log temp local share include src env envs venv .venv virtualenv virtualenvs
    shim-signed mok mok.der dkms .virtualenvs .venvs whl x86_64 $home ${home}
    site-packages dist-packages conda miniconda miniconda3 anaconda anaconda3
    miniforge3 mambaforge micromamba pkgs base pyenv .pyenv versions .local .cache .config
    cache uv pip poetry pypoetry pipx archive-v0 tools torch torchvision nvidia cuda cudnn
    cublas nccl tensorflow jax jaxlib python work workspace content kaggle projects code git
    rigcheck runs samples target targets extras stubs compat x86_64-linux aarch64-linux
    x86_64-linux-gnu aarch64-linux-gnu wsl windows system32 appdata roaming programs scripts
    program-files nvrtc nvjitlink cu13 drivers module modules kernel
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_HARMLESS = re.compile(
    r"(?:python|pypy|cpython)[\d.\-+]*t?|lib[\w+.-]+\.(?:so|dylib|a)[\d.]*|[\w+.-]+\.so[\d.]*"
    r"|v?\d{1,3}(?:\.\d{1,3}){0,3}|cu\d{2,3}|(?:cuda|cudnn|nvidia|torch)[-_]?[\d.]+"
    r"|cuda_\w+|cudnn_\w+|[A-Za-z]:?|t(?:rain|10k)-(?:images|labels)[-.]idx[13]-ubyte(?:\.gz)?"
    r"|__init__\.py|nvidia\w*|nvcc|activate|pip3?|conda",
    re.ASCII,
)
_PUBLIC_PACKAGE = re.compile(
    r"(?:site|dist)-packages[/\\\\](?:nvidia|torch|torchvision|triton|tensorflow|jax|jaxlib|numpy)"
    r"[/\\\\]"
)
"""What lies in a package that everybody can read is nobody's secret."""
_SEPARATORS = re.compile(r"([/\\]+)")


class PathScrubber:
    """Replaces what in paths is not known to be harmless."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders

    def scrub(self, path: str) -> str:
        """`/home/ann/acme/.venv/bin/python` → `/home/<user>/<name>/.venv/bin/python`."""
        public = _PUBLIC_PACKAGE.search(path)
        end = public.end() if public else len(path)
        return self._private_part(path[:end]) + path[end:]

    def _private_part(self, path: str) -> str:
        pieces = _SEPARATORS.split(path)
        if self._is_of_the_system(pieces):
            return path
        return "".join(
            piece if i % 2 else self._component(piece, pieces[i - 2] if i > 1 else "")
            for i, piece in enumerate(pieces)
        )

    @staticmethod
    def _is_of_the_system(pieces: list[str]) -> bool:
        first = next((piece for piece in pieces[::2] if piece), "")
        people = any(piece.lower() in _PEOPLE | {"media", "user"} for piece in pieces[::2])
        return path_is_rooted(pieces) and first in _SYSTEM and not people

    def _component(self, name: str, parent: str) -> str:
        if not name or PLACEHOLDER.fullmatch(name):
            return name
        if parent.lower() in _PEOPLE:
            return self._placeholders.of("user", name)
        if name.lower() in _COMMON or _HARMLESS.fullmatch(name):
            return name
        return self._placeholders.of("name", name)


def path_is_rooted(pieces: list[str]) -> bool:
    """True for `/usr/…`, as split at its separators."""
    return len(pieces) > 1 and not pieces[0]
