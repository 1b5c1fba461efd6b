"""The files that a plain process in the sandbox may read: the same that bubblewrap would show."""

from __future__ import annotations

import os
import stat
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox import bubblewrap

if TYPE_CHECKING:
    from grader.sandbox.libraries import Library

READABLE_DEVICES = ("/dev/zero", "/dev/urandom")
WRITABLE_DEVICES = ("/dev/null",)


def readable_paths(packages: Sequence[str], hidden: Iterable[Path], libraries: Sequence[Library] = ()) -> list[str]:
    """Return the libraries of the interpreter and the system, `packages` and `inside/`, without what is `hidden`.

    Landlock allows whole folders. If something hidden lies in one, the folder's other entries are returned instead.
    """
    prefix = Path(sys.base_prefix)
    library = Path(sysconfig.get_path("stdlib", vars={"installed_base": str(prefix), "base": str(prefix)}))
    roots = [prefix / "lib", library, library / "lib-dynload", *map(Path, bubblewrap.LIBRARIES), Path(sys.executable)]
    unseen = [path.resolve() for path in hidden]
    shown = [path for root in roots for path in _beside(root.resolve(), unseen)]
    shown += [library.file for library in libraries]
    shown += [*bubblewrap.package_folders(packages), Path(__file__).parent / "inside", *map(Path, READABLE_DEVICES)]
    return list(dict.fromkeys(str(path) for path in shown if path.exists()))


def unreadable_for_others(packages: Sequence[str], ways: bool) -> Path | None:
    """Return a file or folder of the interpreter or `packages` that only its owner can read, or None.

    With `ways`, a folder on the way to one counts too. In namespaces each is shown at another place.
    """
    library = Path(sysconfig.get_path("stdlib"))
    shown = [Path(os.path.realpath(sys.executable)), library, library / "os.py", Path(__file__).parent / "inside"]
    for folder in bubblewrap.package_folders(packages):
        shown += [folder, *([folder / "__init__.py"] if (folder / "__init__.py").exists() else [])]
    for path in shown:
        if not _others_may(path, stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0)):
            return path
        closed = next((one for one in path.parents if ways and not _others_may(one, stat.S_IXOTH)), None)
        if closed is not None:
            return closed
    return None


def _others_may(path: Path, right: int) -> bool:
    try:
        return path.stat().st_mode & right == right
    except OSError:
        return True  # it is missing; the import gives a better message


def _beside(path: Path, hidden: Sequence[Path]) -> Iterator[Path]:
    """Yield the path; if something hidden lies in it, yield its other entries."""
    if not any(inner.is_relative_to(path) for inner in hidden):
        yield path
        return
    try:
        entries = sorted(path.iterdir())
    except OSError:
        return  # we may not read it, so a child may not either
    for entry in entries:
        # Landlock would follow a link. Its target is shown or hidden by its own path.
        if entry not in hidden and not entry.is_symlink():
            yield from _beside(entry, hidden)
