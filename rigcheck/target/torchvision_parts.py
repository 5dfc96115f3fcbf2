"""The parts of torchvision that meet torch, imported without the rest of it.

Nearly all of the time that `import torchvision` takes goes to models, and through them to torch's
compiler: as much again as torch itself. What can be wrong between the two is in its compiled
operators, which `extension` loads, and in what `_meta_registrations` adds to them. Both are run
here as they are, and raise what they would raise in `import torchvision`.
"""

import importlib
import importlib.util
import os
import sys
import types
from typing import Any, List, Optional

_PACKAGE = "torchvision"
_PARTS = ("extension", "_meta_registrations")
_FIRST_PART = "extension.py"


def torchvision_version() -> str:
    """The version of a torchvision whose operators work with the torch that is imported.

    Raises:
        ModuleNotFoundError: with its name, if there is none.
        Exception: whatever torchvision raises.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    if not any(os.path.exists(os.path.join(folder, _FIRST_PART)) for folder in folders):
        # There is none, or one that is made otherwise.
        return str(importlib.import_module(_PACKAGE).__version__)
    try:
        return _version_by_parts(folders)
    finally:
        # A later import must find the whole.
        for name in [n for n in sys.modules if n.partition(".")[0] == _PACKAGE]:
            del sys.modules[name]


def _version_by_parts(folders: List[str]) -> str:
    package: Any = types.ModuleType(_PACKAGE)
    package.__path__ = folders
    sys.modules[_PACKAGE] = package
    for name in _PARTS:
        _import_part(name)
    # Its images come through Pillow, and without that `import torchvision` fails.
    importlib.import_module("PIL.Image")
    return str(importlib.import_module(_PACKAGE + ".version").__version__)


def _import_part(name: str) -> Optional[types.ModuleType]:
    """None for a part that this torchvision does not have."""
    full_name = _PACKAGE + "." + name
    if importlib.util.find_spec(full_name) is None:
        return None
    return importlib.import_module(full_name)
