"""Give a stand-in to each failing import in a learner's files, unless the file itself handles the failure.

Only import statements in the learner's own files get one; their line numbers tell them apart. A package that looks for
an optional one does not find it, and neither does `importlib.util.find_spec`.
"""

from __future__ import annotations

import builtins
import importlib
import sys
import types
from collections.abc import Callable, Collection, Mapping
from typing import Any

from . import stand_ins
from .stand_ins import Facts, StandIn

_NEEDS_A_SCREEN = frozenset({"curses", "tkinter", "turtle"})


def install(main: str, guarded: Mapping[str, Collection[int]], forbidden: Mapping[str, str]) -> None:
    """Give stand-ins to failing imports from now on. `guarded` has the lines of each file that handle the failure.

    Modules in `forbidden` get a stand-in too, even if they are installed.
    """
    answers = _Answers(main, {file: frozenset(lines) for file, lines in guarded.items()}, forbidden)
    stand_ins.files = frozenset(guarded)
    builtins.__import__ = answers.import_
    importlib.import_module = answers.import_module


def install_notebook_names() -> None:
    """Define the names that a notebook has without an import."""
    for name in ("get_ipython", "display"):
        setattr(builtins, name, StandIn(Facts(f"IPython.{name}", "", quiet=True)))


class _Answers:
    """Replaces `__import__` and `importlib.import_module`."""

    def __init__(self, main: str, guarded: Mapping[str, frozenset[int]], forbidden: Mapping[str, str]) -> None:
        self._main = main
        self._guarded = guarded
        self._forbidden = forbidden
        self._import = builtins.__import__
        self._import_module = importlib.import_module

    def import_(self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        """Import as usual; if that fails in a learner's file, return a stand-in."""
        frame = sys._getframe(1)
        try:
            if name.partition(".")[0] in _NEEDS_A_SCREEN and frame.f_code.co_filename in self._guarded:
                raise ModuleNotFoundError(f"{name} needs a screen")
            module = _readable(self._import, name, globals, locals, fromlist, level)
        except ImportError as error:
            if not self._answers(frame):
                raise
            return self._in_place_of(name, error, fromlist, level, frame)
        is_learners = frame.f_code.co_filename in self._guarded
        return self._allowed(module, fromlist) if self._forbidden and is_learners else module

    def import_module(self, name: str, package: str | None = None) -> Any:
        """Import as usual; if that fails in a learner's file, return a stand-in."""
        frame = sys._getframe(1)
        try:
            return _readable(self._import_module, name, package)
        except ImportError as error:
            if not self._answers(frame):
                raise
            return self._in_place_of(name, error, (name,), 0, frame)

    def _answers(self, frame: types.FrameType) -> bool:
        guarded = self._guarded.get(frame.f_code.co_filename)
        return guarded is not None and frame.f_lineno not in guarded

    def _in_place_of(self, name: str, error: ImportError, fromlist: Any, level: int, frame: types.FrameType) -> Any:
        root = name.partition(".")[0]
        package = sys.modules.get(root) if not level else None
        if not fromlist and package is not None:  # only this part of the package is missing
            return _copy_with(package, name, self._stand_in(name, error, level))
        stand_in = self._stand_in(name if fromlist else root, error, level)
        if fromlist == ("*",):
            vars(stand_in)["__all__"] = stand_ins.names_for_star(root, frame)
        return stand_in

    def _stand_in(self, name: str, error: ImportError, level: int) -> StandIn:
        missing = isinstance(error, ModuleNotFoundError) and not level
        why = stand_ins.why_missing(name, self._main) if missing or level else f"which cannot be imported: {error}"
        return StandIn(Facts(name[: stand_ins.NAME_LIMIT], why, stand_ins.is_quiet(name), forbidden=self._forbidden))

    def _allowed(self, module: Any, fromlist: Any) -> Any:
        """Return a module in which stand-ins replace its forbidden parts."""
        own = getattr(module, "__name__", "")
        if any(f"{own}.".startswith(f"{name}.") for name in self._forbidden):
            stand_in = StandIn(Facts(own, "", forbidden=self._forbidden))
            if fromlist == ("*",):
                vars(stand_in)["__all__"] = list(getattr(module, "__all__", ()))
            return stand_in
        for name in self._forbidden:
            if name.startswith(f"{own}."):
                module = _copy_with(module, name, StandIn(Facts(name, "", forbidden=self._forbidden)))
        return module


def _readable(import_: Callable[..., Any], name: str, *arguments: Any) -> Any:
    """Import a module. A package that a plain process must not read counts as missing, as in namespaces."""
    try:
        return import_(name, *arguments)
    except PermissionError as error:
        if not str(error.filename).endswith((".py", ".pyc", ".so")):
            raise
        raise ModuleNotFoundError(f"No module named {name!r}", name=name) from None


def _copy_with(module: Any, name: str, part: Any) -> Any:
    """Return a copy of a module in which `part` replaces a dotted name. NumPy's own functions keep the original."""
    path = name.removeprefix(f"{module.__name__}.").split(".")
    copy = types.ModuleType(module.__name__)
    vars(copy).update(vars(module))
    inner = getattr(module, path[0], None)
    if len(path) > 1 and isinstance(inner, types.ModuleType):
        part = _copy_with(inner, name, part)
    setattr(copy, path[0], part)
    return copy
