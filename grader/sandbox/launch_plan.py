"""The plan to start a zygote, made before anything starts: the command, its environment, and the files it may read."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.current_folder import environment
from grader.sandbox import bubblewrap
from grader.sandbox.flavours import Flavour
from grader.sandbox.isolation import Isolation
from grader.sandbox.readable import WRITABLE_DEVICES, readable_paths, unreadable_for_others
from grader.sandbox.refusal import IsolationError, Refusal

if TYPE_CHECKING:
    from grader.sandbox.libraries import Library

PACKAGE = Path(__file__).parents[1]
"""The folder of the built-in course, if the package is installed."""


@dataclass(frozen=True)
class LaunchPlan:
    """Everything that the start of a zygote needs, except the number of its control socket.

    `program` starts Python; `settings` are passed to it as JSON. `libraries` are shared libraries that the usual view
    lacks. `landlock` is the version that limits a plain process, or 0. With `reads_as_root`, its children become
    another user but keep the right to read.
    """

    flavour: Flavour
    isolation: Isolation
    hidden: tuple[Path, ...]
    program: tuple[str, ...]
    settings: Mapping[str, Any]
    variables: Mapping[str, str]
    libraries: tuple[Library, ...] = ()
    landlock: int = 0
    reads_as_root: bool = False

    def command(self, control: int) -> list[str]:
        """Return the command line of a zygote whose control socket has this number."""
        return [*self.program, json.dumps({**self.settings, "control": control})]

    @property
    def may_send_signals(self) -> bool:
        """Return True if a child's signals cannot reach a process of the grader."""
        from grader.sandbox.inside.landlock import SCOPES_ABI

        return self.isolation is Isolation.NAMESPACES or self.landlock >= SCOPES_ABI


def plan_launch(
    flavour: Flavour, isolation: Isolation, hidden: Iterable[Path] = (), libraries: Sequence[Library] | None = None
) -> LaunchPlan:
    """Return the plan for a zygote on this machine. Nothing of the sandbox is started. Raises IsolationError.

    Without `libraries`, search for shared libraries that the usual view lacks if it is likely to lack one.
    """
    if isolation is Isolation.NAMESPACES and sys.platform != "linux":
        raise IsolationError("namespaces exist on Linux only", Refusal.SYSTEM)
    if not hasattr(os, "fork"):
        raise IsolationError("this system cannot fork a process; on Windows, run the grader in WSL", Refusal.SYSTEM)
    if sys.platform == "linux" and not os.path.exists("/proc/self/statm"):
        raise IsolationError("/proc is not mounted", Refusal.NO_PROC)
    if libraries is None:
        libraries = _likely_libraries(flavour)
    plan = _in_namespaces if isolation is Isolation.NAMESPACES else _as_plain_process
    try:
        return plan(flavour, tuple(hidden), tuple(libraries))
    except OSError as error:
        raise IsolationError(f"the sandbox cannot be started: {error}") from None


def _likely_libraries(flavour: Flavour) -> tuple[Library, ...]:
    """Return the libraries that the usual view lacks; search only if `libraries.is_likely`."""
    library_path = environment().get("LD_LIBRARY_PATH", "")
    if not library_path and not (Path(sys.base_prefix) / "conda-meta").is_dir():
        return ()
    from grader.sandbox import libraries

    return libraries.needed_by(flavour) if libraries.is_likely(flavour, library_path) else ()


def _in_namespaces(flavour: Flavour, hidden: tuple[Path, ...], libraries: tuple[Library, ...]) -> LaunchPlan:
    """Return the plan for a zygote in bubblewrap. Raises IsolationError."""
    bwrap = bubblewrap.find_bubblewrap()
    if bwrap is None:
        raise IsolationError("there is no bubblewrap", Refusal.BUBBLEWRAP)
    _site_of(flavour)
    if os.getuid() == 0 and (path := unreadable_for_others(flavour.in_view, ways=False)) is not None:
        raise _unreadable(path)
    mounts = bubblewrap.view(flavour.in_view, [*hidden, *_home()], libraries)
    variables = {**bubblewrap.environment(), **flavour.environment}
    arguments = _python_arguments(bubblewrap.INSIDE.parent, str(bubblewrap.PYTHON / "packages"))
    return LaunchPlan(
        flavour,
        Isolation.NAMESPACES,
        hidden,
        program=tuple(bubblewrap.to_argv(bwrap, mounts, variables, arguments)),
        settings=_settings(flavour, namespaces=True),
        variables=_variables(flavour),
        libraries=libraries,
    )


def _as_plain_process(flavour: Flavour, hidden: tuple[Path, ...], libraries: tuple[Library, ...]) -> LaunchPlan:
    """Return the plan for a zygote without namespaces. Raises IsolationError."""
    from grader.sandbox.inside import landlock

    abi = landlock.abi()
    site = _site_of(flavour)
    closed = root_alone_reads(flavour)
    if not abi and closed is not None:
        raise _unreadable(closed)
    settings = _settings(flavour, namespaces=False)
    # A plain process that stops being root may be unable to read a module that it imports later.
    settings["preload"] = (*flavour.preload, "inside.missing")
    if abi:
        readable = readable_paths(flavour.in_view, [*hidden, PACKAGE], libraries)
        settings.update(landlock=True, readable=readable, writable=WRITABLE_DEVICES)
    variables = _variables(flavour)
    if libraries:
        # Folders that this process itself has libraries from, and no other folder that our own variable names.
        folders = dict.fromkeys(os.path.dirname(library.path) for library in libraries)
        variables["LD_LIBRARY_PATH"] = os.pathsep.join(folders)
    return LaunchPlan(
        flavour,
        Isolation.PROCESS,
        hidden,
        program=(sys.executable, *_python_arguments(Path(__file__).parent, site)),
        settings=settings,
        variables=variables,
        libraries=libraries,
        landlock=abi,
        reads_as_root=closed is not None,
    )


def compile_for_children() -> None:
    """Compile the modules that only a zygote imports. It may write nothing, so it would compile them at each start."""
    for name in ("launch", "keeper", "missing", "stand_ins", "inline"):
        path = Path(__file__).parent / "inside" / f"{name}.py"
        with contextlib.suppress(OSError):  # the zygote reports what it cannot read
            SourceFileLoader(f"{__package__}.inside.{name}", str(path)).get_code(f"{__package__}.inside.{name}")


def root_alone_reads(flavour: Flavour) -> Path | None:
    """Return what a plain child of root, which becomes another user, cannot read or reach; None for other users."""
    return unreadable_for_others(flavour.in_view, ways=True) if os.getuid() == 0 else None


def _settings(flavour: Flavour, *, namespaces: bool) -> dict[str, Any]:
    """Return the settings that a zygote of either kind gets."""
    return {
        "namespaces": namespaces,
        "scratch": bubblewrap.SCRATCH,
        "preload": flavour.preload,
        "preload_later": flavour.preload_later,
        "landlock": False,
    }


def _variables(flavour: Flavour) -> dict[str, str]:
    variables = {**bubblewrap.environment(), **flavour.environment}
    del variables["PYTHONHOME"], variables["LD_LIBRARY_PATH"]  # bubblewrap sets them for its Python
    return variables


def _python_arguments(folder: Path, packages: str) -> list[str]:
    """Return the arguments that make the interpreter a zygote; without -I, so that our variables hold."""
    script = (
        f"import sys; sys.path[:0] = [{str(folder)!r}]; sys.path.append({packages!r}); "
        "from inside.launch import main; main(sys.argv[1])"
    )
    return ["-S", "-s", "-P", "-B", "-X", "utf8", "-c", script]


def _home() -> list[Path]:
    """Return the user's home; nothing if there is no HOME and no passwd entry."""
    try:
        return [Path.home()]
    except RuntimeError:
        return []


def _site_of(flavour: Flavour) -> str:
    folders = bubblewrap.package_folders(flavour.in_view)
    if not folders:
        raise IsolationError(f"the package {flavour.packages[0]} is not installed", Refusal.LIBRARY)
    return str(folders[0].parent)


def _unreadable(path: Path) -> IsolationError:
    return IsolationError(f"submissions do not run as root, but only root can read {path}", Refusal.UNREADABLE)
