"""Find the imports of a source without running it: which may be missing, and which the source can do without.

If an import at the top of a file fails, nothing in the file runs. So the sandbox replaces a missing module with a
stand-in, unless the file handles the failure itself: in `try: import cupy as np` with a handler that imports numpy, the
import must fail as on any machine without cupy.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

_MAY_BE_LEFT_OUT = frozenset(
    {
        "curses",
        "dbm",
        "idlelib",
        "msilib",
        "msvcrt",
        "nt",
        "readline",
        "sqlite3",
        "tkinter",
        "turtle",
        "turtledemo",
        "winreg",
        "winsound",
    }
)
"""Parts of the standard library that are missing on some systems."""

STANDARD_LIBRARY = frozenset(sys.stdlib_module_names) - _MAY_BE_LEFT_OUT
_PARALLEL = frozenset({"_thread", "asyncio", "concurrent", "multiprocessing", "threading"})
_IMPORTING_CALLS = ("__import__", "import_module")
_NOTEBOOK_NAMES = ("get_ipython", "display(")
_CATCHES_IMPORT_ERROR = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_GIVES_UP = frozenset({"exit", "_exit", "quit"})
_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")


@dataclass(frozen=True)
class Imports:
    """Packages that a source needs and the sandbox may lack.

    `stand_ins` is true if it imports a module that may be missing or forbidden. `parallel` lists the packages that it
    imports to run several things at once. `guarded` lists the lines of imports that it can do without. `forbidden`
    lists modules that the exercise forbids, each with the reason, if the source imports their package.
    """

    stand_ins: bool = False
    parallel: tuple[str, ...] = ()
    notebook: bool = False
    guarded: tuple[int, ...] = ()
    forbidden: tuple[tuple[str, str], ...] = ()


def imports_of(
    tree: ast.Module, text: str, available: Collection[str], forbidden: Mapping[str, str] | None = None
) -> Imports:
    """Return what a source needs and the sandbox may lack. It has the standard library and the `available` packages.

    >>> source = "import scipy\\ntry:\\n    import cupy as np\\nexcept ImportError:\\n    import numpy as np\\n"
    >>> imports_of(ast.parse(source), source, ["numpy"])
    Imports(stand_ins=True, parallel=(), notebook=False, guarded=(3,), forbidden=())
    """
    expected, guarded, lines = set[str](), set[str](), set[int]()
    for line, root, is_guarded in _imports(tree, any(name in text for name in _IMPORTING_CALLS)):
        (guarded if is_guarded else expected).add(root)
        if is_guarded:
            lines.add(line)
    roots = expected | guarded
    missing = any(root not in STANDARD_LIBRARY and root not in available for root in expected)
    ruled_out = tuple((name, why) for name, why in (forbidden or {}).items() if _root(name) in roots)
    # A file that catches NameError tests whether it runs in a notebook. Here it does not.
    notebook = any(name in text for name in _NOTEBOOK_NAMES) and "NameError" not in text
    return Imports(
        missing or bool(ruled_out), tuple(sorted(roots & _PARALLEL)), notebook, tuple(sorted(lines)), ruled_out
    )


def _root(name: str) -> str:
    return name.partition(".")[0]


def _imports(tree: ast.Module, by_call: bool) -> Iterator[tuple[int, str, bool]]:
    """Yield the line and the package of each import that grading may run, and True if the source can do without it.

    A relative import has the package "". Expressions are searched only if `by_call`, which halves the time otherwise.
    """
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, guarded = waiting.pop()
        for name in _names(node):
            yield getattr(node, "lineno", 0), _root(name), guarded
        if isinstance(node, ast.If) and _never_graded(node.test):
            waiting.extend((child, guarded) for child in node.orelse)
        elif isinstance(node, ast.Try | ast.TryStar) and not guarded and _has_an_answer(node):
            waiting.extend((child, True) for child in node.body)
            waiting.extend((child, False) for child in (*node.handlers, *node.orelse, *node.finalbody))
        else:
            later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)  # runs outside the try
            inside = (guarded and not later) or (isinstance(node, ast.With) and _suppresses(node))
            waiting.extend((child, inside) for child in _parts(node, by_call))


def _parts(node: ast.AST, by_call: bool) -> Iterator[ast.AST]:
    if by_call:
        yield from ast.iter_child_nodes(node)
    else:
        for block in _BLOCKS:
            inside = getattr(node, block, ())
            if isinstance(inside, list):  # the body of a lambda is an expression
                yield from inside


def _names(node: ast.AST) -> Sequence[str]:
    """Return the dotted names of the modules that this node alone imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""] if not node.level else [""]
    if isinstance(node, ast.Call) and _called(node) in _IMPORTING_CALLS and node.args:
        name = node.args[0]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            return [name.value]
    return ()


def _called(call: ast.Call) -> str:
    return _last_name(call.func)


def _last_name(node: ast.expr | None) -> str:
    """Return `exit` for both `exit` and `sys.exit`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _has_an_answer(node: ast.Try | ast.TryStar) -> bool:
    """Return True if a handler lets the program continue without what the body imports.

    A handler that raises, exits, or imports the same package again does not.
    """
    imported = {_root(name) for statement in node.body for name in _names(statement)}
    return any(
        _catches(handler.type)
        and not _leaves(handler.body[-1])
        and not any(_root(name) in imported for statement in handler.body for name in _names(statement))
        for handler in node.handlers
    )


def _catches(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return kind is None or any(_last_name(one) in _CATCHES_IMPORT_ERROR for one in kinds)


def _leaves(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return _called(statement.value) in _GIVES_UP
    return isinstance(statement, ast.Raise)


def _suppresses(node: ast.With) -> bool:
    """Return True for `with contextlib.suppress(ImportError):`."""
    return any(
        isinstance(call := item.context_expr, ast.Call)
        and _called(call) == "suppress"
        and any(_catches(kind) for kind in call.args)
        for item in node.items
    )


def _never_graded(test: ast.expr) -> bool:
    """Return True if grading skips a block under this condition."""
    if isinstance(test, ast.Compare):
        sides = (test.left, *test.comparators)
        names = [side.id for side in sides if isinstance(side, ast.Name)]
        values = [side.value for side in sides if isinstance(side, ast.Constant)]
        return isinstance(test.ops[0], ast.Eq) and names == ["__name__"] and values == ["__main__"] and len(sides) == 2
    return "TYPE_CHECKING" in (getattr(test, "id", ""), getattr(test, "attr", ""))


NO_IMPORTS = Imports()
