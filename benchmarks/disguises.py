"""Disguise a program, as people do who hand in somebody else's: other names, another order, other comments."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable

WORDS = ("value", "part", "item", "extra", "amount", "left", "inner", "total", "width", "piece", "edge", "spot")


def copied(text: str, rng: random.Random) -> str:
    """Return the program with other bytes and the same code."""
    return f"# -*- my own work -*-\n\n{text}\n"


def renamed(text: str, rng: random.Random) -> str:
    """Return the program with other names, in another layout and without comments."""
    tree = ast.parse(text)
    outside = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    bound = {one.arg for one in ast.walk(tree) if isinstance(one, ast.arg)}
    bound |= {one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    words = {name: f"{rng.choice(WORDS)}_{number}" for number, name in enumerate(sorted(bound - outside))}

    class Renamer(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            node.id = words.get(node.id, node.id)
            return node

        def visit_arg(self, node: ast.arg) -> ast.AST:
            node.arg = words.get(node.arg, node.arg)
            return node

    return f"{ast.unparse(Renamer().visit(tree))}\n"


def reordered(text: str, rng: random.Random) -> str:
    """Return the program with its functions in another order."""
    body = ast.parse(text).body
    lines = text.split("\n")
    functions = [one for one in body if isinstance(one, ast.FunctionDef)]
    shuffled = ["\n".join(lines[one.lineno - 1 : one.end_lineno]) for one in functions]
    rng.shuffle(shuffled)
    rest = ["\n".join(lines[one.lineno - 1 : one.end_lineno]) for one in body if one not in functions]
    return "\n\n\n".join([*rest, *shuffled]) + "\n"


def commented(text: str, rng: random.Random) -> str:
    """Return the program with a comment before each statement and with other docstrings."""
    tree = ast.parse(text)
    lines = text.split("\n")
    starts = {one.lineno for one in ast.walk(tree) if isinstance(one, ast.stmt)}
    shown: list[str] = []
    for number, line in enumerate(lines, 1):
        if number in starts and not line.lstrip().startswith(("elif", "else", "except", "finally", "@")):
            indent = line[: len(line) - len(line.lstrip())]
            shown.append(f"{indent}# Step {number}: {rng.choice(WORDS)} and then {rng.choice(WORDS)}.")
        shown.append(line)
    return "\n".join(shown) + "\n"


def everything(text: str, rng: random.Random) -> str:
    """Return the program with all disguises at once."""
    return commented(reordered(renamed(text, rng), rng), rng)


DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "copied": copied,
    "renamed": renamed,
    "reordered": reordered,
    "commented over": commented,
    "all of these": everything,
}
