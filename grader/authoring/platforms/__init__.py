"""Packages for platforms: the module `NAME_package.py` makes the package for the platform NAME.

Each has `SUFFIXES`, `PROGRAMS` (the files that can be executed), `LATE` (True if the platform says when a submission
was made), `package_files` and `next_steps` (what to do with the package). The folder `scripts` has what runs there.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

ENDING = "_package"


def platform_names() -> list[str]:
    """Return the names of all platforms, without importing a package."""
    return sorted(one.name.removesuffix(ENDING) for one in iter_modules(__path__) if one.name.endswith(ENDING))


def platform_module(name: str) -> ModuleType:
    """Return the module that makes the package for a platform."""
    return import_module(f"{__name__}.{name}{ENDING}")
