"""Find shared libraries that the interpreter and the packages load from places that the usual view lacks.

The usual view holds the system's library folders, the interpreter's own library and the packages. It is enough for the
wheels of PyPI. It is not enough if a library is found through `LD_LIBRARY_PATH` (environment modules), beside the
interpreter (conda), through a link that leads out of the system's folders (Debian's `/etc/alternatives`) or in a
separate folder (Nix). A short process imports the packages and asks its loader what it loaded. The sandbox then shows
those files, by the names that the loader looked for, and no other file of their folders.

That takes as long as the start of another Python. So we do it only if the usual view has failed, or if `is_likely`.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import processes
from grader.sandbox import bubblewrap
from grader.sandbox.flavours import Flavour

AT_BASE = 7  # the address of the loader: linux/auxvec.h
LINKS_LIMIT = 40  # as many as the kernel follows
_OF_NO_USE = ("_test", "_xx", "xx", "_tkinter", "_curses", "readline", "nis")  # tests, windows, terminals, networks


@dataclass(frozen=True)
class Library:
    """A shared library: the path under which the loader found it, and the file there. One of them is the loader.

    `place` is the first path outside the system's library folders that the path and its links lead to.
    """

    path: str
    file: Path
    is_loader: bool
    place: str

    @property
    def name(self) -> str:
        """Return the name by which other libraries need it."""
        return os.path.basename(self.path)


class _LoadedObject(ctypes.Structure):
    """The beginning of `struct dl_phdr_info`, dl_iterate_phdr(3)."""

    _fields_ = (("address", ctypes.c_void_p), ("name", ctypes.c_char_p))


def loaded() -> list[tuple[str, bool]]:
    """Return the path of each shared library of this process, and whether it is the loader.

    Modules of Python are left out: Python finds them by their paths.
    """
    if sys.platform != "linux":
        return []
    objects: list[tuple[int, str]] = []

    def note(info: Any, size: int, more: None) -> int:
        objects.append((info.contents.address or 0, os.fsdecode(info.contents.name or b"")))
        return 0

    libc = ctypes.CDLL(None)
    libc.getauxval.restype = ctypes.c_ulong
    libc.getauxval.argtypes = [ctypes.c_ulong]
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_LoadedObject), ctypes.c_size_t, ctypes.c_void_p)
    libc.dl_iterate_phdr(kind(note), None)
    modules = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    base = libc.getauxval(AT_BASE)
    return [(path, address == base) for address, path in objects if os.path.isabs(path) and path not in modules]


def unseen(libraries: Iterable[tuple[str, bool]], packages: Sequence[Path]) -> tuple[Library, ...]:
    """Return the libraries that the usual view with these packages does not show under their paths."""
    places = [
        Library(path, Path(path).resolve(), is_loader, way_out(path, bubblewrap.LIBRARIES))
        for path, is_loader in libraries
    ]
    return tuple(
        library
        for library in places
        if library.place and not any(library.file.is_relative_to(folder) for folder in packages)
    )


def way_out(path: str, shown: Sequence[str]) -> str:
    """Return the first path outside the folders `shown` that a path and its links lead to; empty if there is none."""
    path = os.path.normpath(path)
    for _ in range(LINKS_LIMIT):
        if not any(Path(path).is_relative_to(folder) for folder in shown):
            return path
        link = next((part for part in _parts(path) if os.path.islink(part)), None)
        if link is None:
            return ""
        rest = os.path.relpath(path, link)
        path = os.path.normpath(os.path.join(os.path.dirname(link), os.readlink(link), rest))
    return path


def _parts(path: str) -> Iterator[str]:
    """Yield the path of each folder on the way to a path, then the path itself."""
    return map(str, (*reversed(Path(path).parents), path))


def is_likely(flavour: Flavour, library_path: str) -> bool:
    """Return whether the usual view is likely to lack a library, or to show a different one of the same name.

    Wheels bring their libraries in a folder NAME.libs, under names that no other library has, so the loader finds
    no other library in their place.
    """
    if (Path(sys.base_prefix) / "conda-meta").is_dir():
        return True
    places = [place for place in library_path.split(os.pathsep) if place]
    packages = bubblewrap.package_folders(flavour.in_view)
    own = [Path(library.path) for library in unseen(loaded(), packages)]
    return any(path.is_relative_to(place) for path in own for place in places) or not any(
        folder.name.endswith(".libs") for folder in packages
    )


def loader_is_unseen() -> bool:
    """Return whether the usual view lacks the loader, without which no program starts."""
    return any(library.is_loader for library in unseen(loaded(), ()))


def needed_by(flavour: Flavour) -> tuple[Library, ...]:
    """Return the libraries of a fresh Python with the flavour's packages that the usual view lacks.

    Return nothing if that Python cannot import the packages either.
    """
    modules = (*flavour.preload, *flavour.preload_later)
    ours = [name for name in modules if name.partition(".")[0] != "inside"]
    try:
        done = processes.run(processes.python_main("grader.sandbox.libraries", *ours), "")
        found = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else []  # packages may print as well
    except (OSError, ValueError, IndexError):
        return ()
    return unseen(found, bubblewrap.package_folders(flavour.in_view))


def main(*modules: str) -> None:
    """Import modules, then print the loaded libraries as JSON."""
    for name in modules:
        importlib.import_module(name)
    import numpy as np

    np.ones((2, 2)) @ np.ones((2, 2))  # MKL loads some of its libraries for its first product
    for name in _extension_modules():
        with contextlib.suppress(Exception):  # it cannot be imported outside of the sandbox either
            importlib.import_module(name)
    print(json.dumps(loaded()))


def _extension_modules() -> list[str]:
    """Return the names of the standard library's modules that are shared libraries: a learner may import any."""
    folder = Path(sysconfig.get_path("stdlib")) / "lib-dynload"
    names = {path.name.partition(".")[0] for path in folder.glob("*.so")}
    return sorted(name for name in names if not name.startswith(_OF_NO_USE))
