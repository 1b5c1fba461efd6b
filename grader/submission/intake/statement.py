"""Find the names that a statement of a code cell defines, uses and changes, by Python's own symbol table.

Names that are local to a function, arguments and variables of comprehensions do not count.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Import = ast.Import | ast.ImportFrom
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_ONLY_SOMEWHERE = re.compile(r"async|await|break|continue|return|yield")
_OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete)
_EXPRESSION_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

_CHANGING_METHODS = frozenset(
    {"add", "append", "appendleft", "clear", "difference_update", "discard", "extend", "extendleft", "fill", "insert"}
    | {"intersection_update", "itemset", "move_to_end", "partition", "pop", "popitem", "popleft", "put", "remove"}
    | {"resize", "reverse", "rotate", "setdefault", "setflags", "sort", "subtract", "update", "writelines"}
)
_CHANGING_THE_FIRST_ARGUMENT = frozenset(
    {"at", "copyto", "delattr", "fill_diagonal", "heapify", "heappop", "heappush", "heappushpop", "heapreplace"}
    | {"insort", "insort_left", "insort_right", "place", "put", "put_along_axis", "putmask", "setattr", "shuffle"}
)


@dataclass(frozen=True)
class Statement:
    """One top-level statement of a cell.

    `source` is empty for an import, of which only the used names are taken. `changes` are names whose values it
    changes, as in `table[0] = 1`. `fills` are names of which it calls a changing method, as in `steps.append(1)`;
    modules do not count. `calls` are functions that it calls. `effects` are the names that the functions it defines
    assign and change when they are called.
    """

    cell: int
    line: int
    source: str
    defines: frozenset[str]
    uses: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    fills: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    effects: frozenset[str] = frozenset()
    imports: Import | None = None
    awaits: bool = False

    @property
    def is_future(self) -> bool:
        """Return True for `from __future__ import`."""
        return is_future(self.imports)

    @property
    def takes_all(self) -> bool:
        """Return True for `from x import *`."""
        return self.imports is not None and any(alias.name == "*" for alias in self.imports.names)

    def text(self, known: Collection[str]) -> str:
        """Return its source; of an import, only with the names in `known`, because the others may be missing."""
        if self.imports is None or self.is_future or self.takes_all:
            return self.source if self.imports is None else ast.unparse(self.imports)
        names = [alias for alias in self.imports.names if _name_bound(alias) in known]
        if isinstance(self.imports, ast.Import):
            return ast.unparse(ast.Import(names))
        return ast.unparse(ast.ImportFrom(self.imports.module, names, self.imports.level))


def is_future(node: ast.AST | None) -> bool:
    """Return True for `from __future__ import`."""
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def statements_of(cell: int, tree: ast.Module, source: str) -> Iterator[Statement]:
    """Yield the statements of a cell. Raises SyntaxError and RecursionError as Python's symbol table does."""
    lines = [line.encode() for line in source.split("\n")]  # once: a line may hold a hundred thousand statements
    for node in tree.body:
        if isinstance(node, Import):
            bound = frozenset(map(_name_bound, node.names)) - {"*"}
            yield Statement(cell, node.lineno, "", bound, imports=node)
        else:
            yield _statement(cell, node, _segment(lines, node))


def _statement(cell: int, node: ast.stmt, source: str) -> Statement:
    inner = tuple(ast.walk(node))
    if isinstance(node, _SIMPLE) and not any(isinstance(one, _EXPRESSION_SCOPES) for one in inner):
        names = _simple_names(inner)  # fifty thousand symbol tables take seconds
    else:
        names = _names(source, _first_line(node))
    visible = names.defines | names.assigns | names.uses  # without the names that are local to a function
    changes, fills, called = (visible.intersection(found) for found in _changes_and_calls(inner))
    awaits = _ONLY_SOMEWHERE.search(source) is not None and _awaits(node)
    if isinstance(node, _Definition):
        decorators = visible.intersection(_root(_called(one)) for one in node.decorator_list)
        effects = names.assigns | changes | fills
        return Statement(cell, node.lineno, source, names.defines, names.uses, calls=decorators, effects=effects)
    defines = names.defines | names.assigns
    return Statement(cell, node.lineno, source, defines, names.uses, changes, fills, called, awaits=awaits)


class _Names(NamedTuple):
    """The names that a statement defines, that its functions declare global and assign, and that it uses."""

    defines: frozenset[str]
    assigns: frozenset[str]
    uses: frozenset[str]


def _simple_names(inner: Sequence[ast.AST]) -> _Names:
    names = [one for one in inner if isinstance(one, ast.Name)]
    uses = frozenset(one.id for one in names if isinstance(one.ctx, ast.Load))
    return _Names(frozenset(one.id for one in names if not isinstance(one.ctx, ast.Load)), frozenset(), uses)


def _names(source: str, first_line: int) -> _Names:
    defines, assigns, uses = set[str](), set[str](), set[str]()
    try:
        top = symtable.symtable(source, "cell", "exec")
    except SyntaxError as error:
        raise SyntaxError(error.msg, ("cell", first_line - 1 + (error.lineno or 1), 0, None)) from None
    waiting = [top]
    while waiting:
        scope = waiting.pop()
        waiting += scope.get_children()
        for symbol in scope.get_symbols():
            name = symbol.get_name()
            if scope is top:
                if symbol.is_assigned() or symbol.is_imported():
                    defines.add(name)
            elif symbol.is_declared_global() and (symbol.is_assigned() or symbol.is_imported()):
                assigns.add(name)
            if symbol.is_referenced() and (scope is top or symbol.is_global() or scope.get_type() == "class"):
                uses.add(name)
    return _Names(frozenset(defines), frozenset(assigns), frozenset(uses))


def _changes_and_calls(inner: Sequence[ast.AST]) -> tuple[set[str | None], set[str | None], set[str | None]]:
    """Return the names whose values a statement changes, those whose methods change them, and the functions called."""
    changes, fills, called = set[str | None](), set[str | None](), set[str | None]()  # None: no name is at the root
    for one in inner:
        if isinstance(one, ast.Attribute | ast.Subscript) and not isinstance(one.ctx, ast.Load):
            changes.add(_root(one))
        elif isinstance(one, ast.Call):
            called.add(_root(one.func))
            name = one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "")
            if name in _CHANGING_THE_FIRST_ARGUMENT and one.args:
                changes.add(_root(one.args[0]))
            if name in _CHANGING_METHODS and isinstance(one.func, ast.Attribute):
                (fills if isinstance(one.func.value, ast.Name) else changes).add(_root(one.func))
    return changes, fills, called


def _root(node: ast.AST) -> str | None:
    """Return `a` for `a.b[0].c`; None if it does not start with a name."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _called(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _awaits(node: ast.stmt) -> bool:
    """Return True if a statement awaits outside of a function, which a notebook allows and a module does not.

    Raises SyntaxError for a statement that neither of them allows there.
    """
    awaits = False
    for inner, in_loop in _outside_of_functions(node):
        if isinstance(inner, ast.Return | ast.Yield | ast.YieldFrom):
            raise SyntaxError("'return' or 'yield' outside function", ("cell", inner.lineno, 0, None))
        if isinstance(inner, ast.Break | ast.Continue) and not in_loop:
            raise SyntaxError("'break' or 'continue' outside loop", ("cell", inner.lineno, 0, None))
        awaits |= isinstance(inner, ast.Await | ast.AsyncFor | ast.AsyncWith)
        awaits |= isinstance(inner, ast.comprehension) and bool(inner.is_async)
    return awaits


def _outside_of_functions(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """Yield everything in a statement that is not in a function, and True for what is in a loop."""
    waiting = [(node, False)]
    while waiting:
        inner, in_loop = waiting.pop()
        yield inner, in_loop
        if not isinstance(inner, _OWN_SCOPE):
            in_loop |= isinstance(inner, ast.For | ast.AsyncFor | ast.While)
            waiting.extend((child, in_loop) for child in ast.iter_child_nodes(inner))


def _segment(lines: list[bytes], node: ast.stmt) -> str:
    """Return the text of a statement with its decorators, without other statements on the same line."""
    start, end = _first_line(node), node.end_lineno or node.lineno
    column = 0 if getattr(node, "decorator_list", ()) else node.col_offset
    if start == end:
        return lines[start - 1][column : node.end_col_offset].decode()
    taken = [lines[start - 1][column:], *lines[start : end - 1], lines[end - 1][: node.end_col_offset]]
    return b"\n".join(taken).decode()


def _first_line(node: ast.stmt) -> int:
    """Return the first line of a statement, its decorators included."""
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    return min([node.lineno, *(one.lineno for one in decorators)])


def _name_bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]
