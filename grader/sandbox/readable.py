"""The files that a plain process in the sandbox may read: those that bubblewrap would show it."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from grader.sandbox import bubblewrap

READABLE_DEVICES = ("/dev/zero", "/dev/urandom")
WRITABLE_DEVICES = ("/dev/null",)


def readable_paths(packages: Sequence[str], hidden: Iterable[Path]) -> list[str]:
    """Return the libraries of the interpreter and the system, `packages` and `inside/`, without what is `hidden`.

    Landlock allows whole folders. If something hidden lies in one, the folder's other entries are returned instead.
    """
    prefix = Path(sys.base_prefix)
    library = Path(sysconfig.get_path("stdlib", vars={"installed_base": str(prefix), "base": str(prefix)}))
    roots = [prefix / "lib", library, library / "lib-dynload", *map(Path, bubblewrap.LIBRARIES), Path(sys.executable)]
    unseen = [path.resolve() for path in hidden]
    shown = [path for root in roots for path in _beside(root.resolve(), unseen)]
    shown += [*bubblewrap.package_folders(packages), Path(__file__).parent / "inside", *map(Path, READABLE_DEVICES)]
    return list(dict.fromkeys(str(path) for path in shown if path.exists()))


def _beside(path: Path, hidden: Sequence[Path]) -> Iterator[Path]:
    """Yield the path; if something hidden lies in it, yield its other entries."""
    if not any(inner.is_relative_to(path) for inner in hidden):
        yield path
        return
    try:
        entries = sorted(path.iterdir())
    except OSError:
        return  # if we may not read it, a child may not either
    for entry in entries:
        # Landlock would follow a link. Its target is shown or hidden by its own path.
        if entry not in hidden and not entry.is_symlink():
            yield from _beside(entry, hidden)
