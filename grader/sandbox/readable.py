"""The files that a plain process in the sandbox may read: as much of the machine as bubblewrap would show it."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from grader.sandbox import bubblewrap

READABLE_DEVICES = ("/dev/zero", "/dev/urandom")
WRITABLE_DEVICES = ("/dev/null",)


def readable_paths(packages: Sequence[str], hidden: Iterable[Path]) -> list[str]:
    """Return the interpreter's libraries, the system's, `packages` and `inside/`, and nothing that is `hidden`.

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
    """Yield the path, or if something hidden is in it, what is beside that."""
    if not any(one.is_relative_to(path) for one in hidden):
        yield path
        return
    try:
        entries = sorted(path.iterdir())
    except OSError:
        return  # not ours to read, so not the child's
    for entry in entries:
        # A link would be followed, and what it names is shown or hidden by itself.
        if entry not in hidden and not entry.is_symlink():
            yield from _beside(entry, hidden)
