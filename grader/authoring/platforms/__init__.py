"""Packages for platforms: the module `NAME_package.py` makes the package for the platform NAME.

Each has `SUFFIXES`, `PROGRAMS` (the names of the files that can be executed), `NEXT` (what to do with the package) and
`package_files`. The scripts that run there are in the folder `scripts`.
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
