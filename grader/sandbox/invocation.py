"""The command lines that start a zygote, in namespaces and as a plain process, and their environment."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.sandbox import bubblewrap
from grader.sandbox.flavours import Flavour
from grader.sandbox.readable import WRITABLE_DEVICES, readable_paths, unreadable_for_others
from grader.sandbox.refusal import IsolationError, Refusal

if TYPE_CHECKING:
    from grader.sandbox.libraries import Library

PACKAGE = Path(__file__).parents[1]
"""The folder of the built-in course, if the package is installed."""


def in_namespaces(
    flavour: Flavour, control: int, hidden: Iterable[Path], libraries: Sequence[Library]
) -> tuple[list[str], dict[str, str]]:
    """Return the command and the variables of a zygote in bubblewrap. Raises IsolationError."""
    bwrap = bubblewrap.find_bubblewrap()
    if bwrap is None:
        raise IsolationError("there is no bubblewrap", Refusal.BUBBLEWRAP)
    _site_of(flavour)
    if os.getuid() == 0 and (path := unreadable_for_others(flavour.packages, ways=False)) is not None:
        raise _unreadable(path)
    settings = {**_settings(flavour, control), "namespaces": True, "preload": flavour.preload}
    arguments = _start_of(bubblewrap.INSIDE.parent, str(bubblewrap.PYTHON / "packages"), settings)
    seen = [*hidden, *_home()]
    command = bubblewrap.command(bwrap, flavour.packages, seen, arguments, flavour.environment, libraries)
    return command, _variables(flavour)


def as_plain_process(
    flavour: Flavour, control: int, hidden: Iterable[Path], libraries: Sequence[Library], landlock: bool
) -> tuple[list[str], dict[str, str]]:
    """Return the command and the variables of a zygote without walls of its own. Raises IsolationError."""
    site = _site_of(flavour)
    if not landlock and (path := root_alone_reads(flavour)) is not None:
        raise _unreadable(path)
    # A plain process that stops being root may be unable to read a module that it imports later.
    settings = {**_settings(flavour, control), "preload": (*flavour.preload, "inside.missing")}
    if landlock:
        readable = readable_paths(flavour.packages, [*hidden, PACKAGE], libraries)
        settings.update(landlock=True, readable=readable, writable=WRITABLE_DEVICES)
    variables = _variables(flavour)
    if libraries:
        # Folders that this process itself has libraries from, and no other folder that our own variable names.
        folders = dict.fromkeys(os.path.dirname(library.path) for library in libraries)
        variables["LD_LIBRARY_PATH"] = os.pathsep.join(folders)
    return [sys.executable, *_start_of(Path(__file__).parent, site, settings)], variables


def compile_for_children() -> None:
    """Have the modules that only a zygote imports compiled once: it may write nothing, so it would each time."""
    for name in ("launch", "keeper", "missing", "stand_ins", "inline"):
        path = Path(__file__).parent / "inside" / f"{name}.py"
        with contextlib.suppress(OSError):  # the zygote says what it cannot read
            SourceFileLoader(f"{__package__}.inside.{name}", str(path)).get_code(f"{__package__}.inside.{name}")


def root_alone_reads(flavour: Flavour) -> Path | None:
    """Return what a plain child of root, which becomes another user, cannot read or reach; None for other users."""
    return unreadable_for_others(flavour.packages, ways=True) if os.getuid() == 0 else None


def _settings(flavour: Flavour, control: int) -> dict[str, Any]:
    """Return what a zygote of each kind is told."""
    return {
        "control": control,
        "namespaces": False,
        "scratch": bubblewrap.SCRATCH,
        "preload_later": flavour.preload_later,
        "landlock": False,
    }


def _variables(flavour: Flavour) -> dict[str, str]:
    variables = {**bubblewrap.environment(), **flavour.environment}
    del variables["PYTHONHOME"], variables["LD_LIBRARY_PATH"]  # bubblewrap sets them for its Python
    return variables


def _start_of(folder: Path, packages: str, settings: Mapping[str, Any]) -> list[str]:
    """Return the arguments with which the interpreter becomes the zygote; without -I, so that our variables hold."""
    script = (
        f"import sys; sys.path[:0] = [{str(folder)!r}]; sys.path.append({packages!r}); "
        "from inside.launch import main; main(sys.argv[1])"
    )
    return ["-S", "-s", "-P", "-B", "-X", "utf8", "-c", script, json.dumps(settings)]


def _home() -> list[Path]:
    """Return the user's home; none if there is no HOME and no passwd entry."""
    try:
        return [Path.home()]
    except RuntimeError:
        return []


def _site_of(flavour: Flavour) -> str:
    folders = bubblewrap.package_folders(flavour.packages)
    if not folders:
        raise IsolationError(f"the package {flavour.packages[0]} is not installed", Refusal.LIBRARY)
    return str(folders[0].parent)


def _unreadable(path: Path) -> IsolationError:
    return IsolationError(f"submissions do not run as root, but only root can read {path}", Refusal.UNREADABLE)
